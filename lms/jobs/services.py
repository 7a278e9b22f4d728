"""The way of a job: `waiting → running → done | failed`, one guarded statement a step of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, update

from lms.core import audit
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.errors import Refusal
from lms.jobs.kinds import Errand, kinds_of_workers, work_of
from lms.jobs.models import Job, JobKind, JobState
from lms.jobs.queries import job_of
from lms.jobs.reports import JobReport
from lms.people.models import Role, User
from lms.people.queries import user_by_id

LONGEST_STEP = timedelta(minutes=15)
"""Longer than any worker lives that takes a step (`jobs.run` is killed after 660 s)."""

RING_AGAIN = timedelta(seconds=60)
"""How long a job may stand between two steps before it is rung for again."""

MOST_SETBACKS = 3
"""How often a step is given back, because the database or the worker failed it, and begun anew."""

KEPT = timedelta(days=30)
"""How long what a job was given, and its report, are kept after its end."""

STOPPED = "The worker stopped in the middle of a step. What the steps before it did is done."
BROKE = "Something broke on our side. What was done before is done."


class Overtaken(Exception):
    """The step was given up meanwhile; what it did must not count."""


class OwnerLeft(Refusal):
    """Who asked for the job does not hold the role any more that it takes."""

    def __init__(self, role: Role) -> None:
        super().__init__(
            f"Who asked for this is no {role} any more, so it does not go on; what was done before "
            "is done. Ask for it anew."
        )


class NothingToTryAgain(Refusal):
    """It runs, is done, or what it was given is forgotten."""

    message = "This job does not wait to be tried again. Nothing was changed."


def ask(
    kind: JobKind, given: dict[str, Any], *, owner: User, shown_to: Role | None, now: datetime
) -> Job:
    """Have *given* worked on after the commit; see `Job` for who may look.

    While it goes on, *owner* must hold the role *shown_to*.
    """
    job = Job(
        kind=kind,
        owner_id=owner.id,
        shown_to=shown_to,
        given=given,
        asked_at=now,
        moved_at=now,
    )
    db.session.add(job)
    db.session.flush()
    enqueue("jobs.run", job.id)
    return job


def begin_by_hand(
    kind: JobKind, *, owner: User | None, shown_to: Role | None, now: datetime
) -> Errand:
    """Note that whoever asks for a job carries it out by themselves, in one step."""
    job = Job(
        kind=kind,
        state=JobState.RUNNING,
        owner_id=owner.id if owner else None,
        shown_to=shown_to,
        given={},
        asked_at=now,
        moved_at=now,
        begun_at=now,
        started_at=now,
    )
    db.session.add(job)
    db.session.flush()
    return Errand(job.id, kind, 0, {}, owner, now)


def finish(errand: Errand, report: JobReport, *, now: datetime) -> None:
    """Note that a job that was carried out by hand is done.

    Raises:
        Overtaken: it took so long that it was given up.
    """
    ended = {"state": JobState.DONE, "progress": 1.0, "begun_at": None, "ended_at": now}
    if not _note(errand, step=1, moved_at=now, report=report.to_json(), **ended):
        raise Overtaken


def begin_step(job_id: int, *, now: datetime) -> Errand | None:
    """Take the next step of a job for this worker; None: another has it, or it is over."""
    job = db.session.scalar(
        update(Job)
        .where(
            Job.id == job_id,
            Job.state.in_((JobState.WAITING, JobState.RUNNING)),
            Job.begun_at.is_(None),
        )
        .values(state=JobState.RUNNING, begun_at=now, moved_at=now)
        .returning(Job)
        .execution_options(populate_existing=True)
    )
    if job is None:
        return None
    job.started_at = job.started_at or now
    owner = user_by_id(job.owner_id) if job.owner_id else None
    return Errand(job.id, job.kind, job.step, job.given or {}, owner, now, job.setbacks)


def prepare_step(errand: Errand, *, now: datetime) -> Errand:
    """Return the same step, with what it is to keep made ready; nothing is locked meanwhile.

    Raises:
        Refusal: it cannot be done.
    """
    prepare = work_of(errand.kind).prepare
    if prepare is None:
        return errand
    return replace(errand, prepared=prepare(errand, now))


def take_step(errand: Errand, *, now: datetime) -> None:
    """Do a step that was begun, and note in the same transaction that it is done.

    Raises:
        Overtaken: it took so long that it was given up.
        OwnerLeft: who asked for it may not any more.
        Refusal: it cannot be done.
    """
    job = select(Job.report, Job.shown_to).where(Job.id == errand.job_id)
    kept, shown_to = db.session.execute(job).one()
    _check_owner(errand.owner, shown_to)
    report, step = JobReport.of(kept), work_of(errand.kind).step
    assert step is not None, "it is carried out by a worker"  # noqa: S101
    progress = step(errand, report, now)
    values: dict[str, Any] = {"step": errand.step + 1, "progress": progress}
    values |= {"begun_at": None, "setbacks": 0}
    if progress == 1:
        values |= {"state": JobState.DONE, "ended_at": now, "given": {}}
    if not _note(errand, moved_at=now, report=report.to_json(), **values):
        raise Overtaken
    if progress < 1:
        enqueue("jobs.run", errand.job_id)


def _check_owner(owner: User | None, role: Role | None) -> None:
    if owner and role and not (owner.is_active and role in owner.roles):
        raise OwnerLeft(role)


def give_up(errand: Errand, why: str, *, now: datetime) -> None:
    """Note that a step could not be done, if it still is this worker's."""
    _note(errand, state=JobState.FAILED, error=why, begun_at=None, moved_at=now, ended_at=now)


def give_back(errand: Errand, *, now: datetime) -> None:
    """Have a step that could not be done now be rung for again soon; give it up after a few times.

    Nothing of it was done, so that it can be begun anew.
    """
    if errand.setbacks >= MOST_SETBACKS:
        give_up(errand, BROKE, now=now)
    else:
        _note(errand, begun_at=None, moved_at=now, setbacks=errand.setbacks + 1)


def _note(errand: Errand, **values: Any) -> bool:
    noted = (
        update(Job)
        .where(Job.id == errand.job_id, Job.begun_at == errand.begun_at)
        .values(**values)
        .returning(Job.id)
    )
    return db.session.scalar(noted) is not None


def try_again(actor: User, job_id: int, *, now: datetime) -> None:
    """Have a job that failed go on at the step that could not be done.

    Raises:
        NotFound: there is no such job, or it is not for *actor* to see.
        NothingToTryAgain: it has not failed, or not lately, or was carried out by hand.
    """
    if work_of(job_of(actor, job_id).kind).step is None:
        raise NothingToTryAgain
    tried = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.FAILED, Job.given.is_not(None))
        .values(state=JobState.WAITING, error=None, ended_at=None, moved_at=now, setbacks=0)
        .returning(Job.id)
    )
    if db.session.scalar(tried) is None:
        raise NothingToTryAgain
    audit.record(actor, "job.try_again", "job", job_id, now=now)
    enqueue("jobs.run", job_id)


def sweep(*, now: datetime) -> None:
    """Give back steps of crashed workers, ring for forgotten jobs, forget what is over."""
    _end_of_the_crashed(now)
    stands = select(Job.id).where(
        Job.state.in_((JobState.WAITING, JobState.RUNNING)),
        Job.begun_at.is_(None),
        Job.moved_at <= now - RING_AGAIN,
    )
    for job_id in db.session.scalars(stands.order_by(Job.id)):
        enqueue("jobs.run", job_id)
    db.session.execute(
        update(Job)
        .where(Job.ended_at <= now - KEPT, Job.given.is_not(None))
        .values(given=None, report=None)
    )


def _end_of_the_crashed(now: datetime) -> None:
    """Give back the steps whose workers cannot live any more; of some, say that the job failed."""
    crashed = and_(Job.state == JobState.RUNNING, Job.begun_at <= now - LONGEST_STEP)
    goes_on = and_(Job.kind.in_(kinds_of_workers()), Job.setbacks < MOST_SETBACKS)
    db.session.execute(
        update(Job).where(crashed, goes_on).values(begun_at=None, setbacks=Job.setbacks + 1)
    )
    db.session.execute(
        update(Job)
        .where(crashed)
        .values(state=JobState.FAILED, error=STOPPED, begun_at=None, moved_at=now, ended_at=now)
    )
