"""Jobs: each step is done once, what was done is kept, and a crash is said and can be mended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.jobs import kinds, queries, services, tasks
from lms.jobs.kinds import Errand, Work
from lms.jobs.models import Job, JobKind, JobState
from lms.jobs.reports import JobReport, LineOutcome, ReportLine
from lms.people.models import Role, User, UserRole
from lms.people.queries import user_by_id
from tests.factories import NOW, add, make_user
from tests.overlap import while_open

pytestmark = pytest.mark.usefixtures("in_app")


class Counting:
    """Work of three steps, each of which adds a person, a line, and may break."""

    def __init__(self) -> None:
        self.breaks: list[Exception] = []
        self.looks: Callable[[], object] = bool

    def __call__(self, errand: Errand, report: JobReport, now) -> float:
        self.looks()
        make_user(name=f"Step {errand.step} of {errand.given['name']}")
        report.lines.append(ReportLine(f"Step {errand.step}", LineOutcome.TAKEN, ("Done.",)))
        if self.breaks:
            raise self.breaks.pop()
        return (errand.step + 1) / 3


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    said_of = dict.fromkeys(LineOutcome, "counted")
    known = Work("Counting", said_of, ("program.cohorts", "Cohorts"), counting)
    monkeypatch.setitem(kinds._works, JobKind.IMPORT, known)
    return counting


def asked(owner: User | None = None, shown_to: Role | None = None) -> int:
    with transaction():
        owner = owner or make_user(Role.DIRECTOR)
        given = {"name": "it"}
        return services.ask(JobKind.IMPORT, given, owner=owner, shown_to=shown_to, now=utcnow()).id


def read(job_id: int) -> Job:
    db.session.rollback()
    job = db.session.get(Job, job_id, populate_existing=True)
    assert job is not None
    return job


def change(job_id: int, **values: object) -> None:
    with transaction():
        db.session.execute(db.update(Job).where(Job.id == job_id).values(**values))


def done() -> list[str]:
    """Return what steps have done."""
    names = db.select(User.name).where(User.name.startswith("Step ")).order_by(User.id)
    return list(db.session.scalars(names))


def steps(job_id: int) -> list[str]:
    return [line.what for line in JobReport.of(read(job_id).report).lines]


ALL = [f"Step {number} of it" for number in range(3)]


def test_each_run_takes_one_step_and_rings_for_the_next(
    work: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(
        "lms.core.doorbell.current_app.send_task",
        lambda name, args: rung.append((name, args)),
        raising=False,
    )
    job_id = asked()
    seen = []

    for _ in range(3):
        tasks.run(job_id)
        job = read(job_id)
        seen.append((job.state, round(job.progress, 2), len(steps(job_id))))

    assert seen == [
        (JobState.RUNNING, 0.33, 1),
        (JobState.RUNNING, 0.67, 2),
        (JobState.DONE, 1.0, 3),
    ]
    assert rung == [("jobs.run", (job_id,))] * 3, "asked for, and after two of three steps"
    assert done() == ALL
    assert job.ended_at is not None
    assert job.given == {}, "what it was given is needed no more"


def test_a_run_more_changes_nothing(work: Counting) -> None:
    job_id = asked()

    for _ in range(9):
        tasks.run(job_id)

    assert done() == ALL
    assert steps(job_id) == ["Step 0", "Step 1", "Step 2"]


def test_a_step_that_one_worker_has_begun_is_no_other_workers(work: Counting) -> None:
    job_id = asked()
    with transaction():
        assert services.begin_step(job_id, now=utcnow()) is not None

    tasks.run(job_id)

    assert done() == []


def test_of_two_who_begin_a_step_at_once_one_has_it(app: Flask, work: Counting) -> None:
    job_id = asked()
    db.session.remove()

    def begin() -> object:
        return services.begin_step(job_id, now=utcnow())

    assert while_open(app, begin, begin) is None


def test_of_a_step_that_breaks_nothing_stays_and_the_job_says_so(work: Counting) -> None:
    job_id = asked()
    tasks.run(job_id)
    work.breaks = [ZeroDivisionError("a secret of ours")]

    with pytest.raises(ZeroDivisionError):
        tasks.run(job_id)

    job = read(job_id)
    assert (job.state, job.error, job.step) == (JobState.FAILED, services.BROKE, 1)
    assert done() == ALL[:1]
    assert steps(job_id) == ["Step 0"]


def test_what_was_refused_is_said_in_its_own_words(work: Counting) -> None:
    job_id = asked()
    work.breaks = [Invalid("There is no such cohort.")]

    with pytest.raises(Invalid):
        tasks.run(job_id)

    assert read(job_id).error == "There is no such cohort."


def test_a_job_that_failed_goes_on_where_it_stopped(work: Counting) -> None:
    director = in_role(Role.DIRECTOR)
    job_id = asked(director)
    tasks.run(job_id)
    work.breaks = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        tasks.run(job_id)

    with transaction():
        services.try_again(director, job_id, now=utcnow())
    tasks.run(job_id)
    tasks.run(job_id)

    assert read(job_id).state is JobState.DONE
    assert done() == ALL
    actions = db.session.scalars(db.select(AuditEvent.action)).all()
    assert actions == ["job.try_again"]


def test_only_what_failed_is_tried_again(work: Counting) -> None:
    director = in_role(Role.DIRECTOR)
    job_id = asked(director)

    with pytest.raises(services.NothingToTryAgain), transaction():
        services.try_again(director, job_id, now=utcnow())


def rung_for(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list into which goes what is rung for from now on."""
    rung: list[object] = []
    monkeypatch.setattr(
        "lms.core.doorbell.current_app.send_task",
        lambda name, args: rung.append((name, *args)),
        raising=False,
    )
    return rung


def away() -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception("canceling statement due to lock timeout"))


def test_a_step_that_the_database_failed_is_rung_for_again_and_done(
    work: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = asked()
    tasks.run(job_id)
    work.breaks = [away()]
    with pytest.raises(OperationalError):
        tasks.run(job_id)
    held = read(job_id)
    change(job_id, moved_at=utcnow() - services.RING_AGAIN)
    rung = rung_for(monkeypatch)

    tasks.sweep()
    tasks.run(job_id)
    tasks.run(job_id)

    assert (held.state, held.error, held.step, held.setbacks) == (JobState.RUNNING, None, 1, 1)
    assert rung[0] == ("jobs.run", job_id)
    assert (read(job_id).state, read(job_id).setbacks) == (JobState.DONE, 0)
    assert done() == ALL


def test_what_the_database_fails_again_and_again_is_given_up_and_can_be_tried_anew(
    work: Counting,
) -> None:
    director_id = in_role(Role.DIRECTOR).id
    job_id = asked(user_by_id(director_id))
    states = []

    for _ in range(services.MOST_SETBACKS + 1):
        work.breaks = [away()]
        with pytest.raises(OperationalError):
            tasks.run(job_id)
        states.append(read(job_id).state)
    with transaction():
        services.try_again(user_by_id(director_id), job_id, now=utcnow())
    work.breaks = [away()]
    with pytest.raises(OperationalError):
        tasks.run(job_id)

    assert states == [JobState.RUNNING] * services.MOST_SETBACKS + [JobState.FAILED]
    assert read(job_id).state is JobState.RUNNING


def test_a_worker_that_was_killed_in_a_step_is_followed_by_another(
    work: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = asked()
    with transaction():
        assert services.begin_step(job_id, now=utcnow()) is not None
    rung = rung_for(monkeypatch)

    tasks.sweep()
    held = read(job_id).begun_at
    long_ago = utcnow() - services.LONGEST_STEP
    change(job_id, begun_at=long_ago, moved_at=long_ago)
    tasks.sweep()
    for _ in range(3):
        tasks.run(job_id)

    assert held is not None
    assert rung[0] == ("jobs.run", job_id)
    assert read(job_id).state is JobState.DONE


def test_a_step_that_kills_one_worker_after_another_leaves_a_job_that_says_so(
    work: Counting,
) -> None:
    job_id = asked()
    for _ in range(services.MOST_SETBACKS + 1):
        with transaction():
            assert services.begin_step(job_id, now=utcnow()) is not None
        change(job_id, begun_at=utcnow() - services.LONGEST_STEP)
        tasks.sweep()

    job = read(job_id)
    assert (job.state, job.error) == (JobState.FAILED, services.STOPPED)


def test_a_command_that_was_killed_is_not_rung_for(
    work: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = in_role(Role.DIRECTOR)
    with transaction():
        long_ago = utcnow() - services.LONGEST_STEP
        kind = JobKind.LOAD
        errand = services.begin_by_hand(kind, owner=director, shown_to=None, now=long_ago)
    rung = rung_for(monkeypatch)

    tasks.sweep()

    assert rung == []
    assert read(errand.job_id).state is JobState.FAILED


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_step_may_take_its_time_over_a_statement_and_not_over_a_lock(work: Counting) -> None:
    limits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    seen = []
    work.looks = lambda: seen.append(tuple(db.session.execute(text(limits)).one()))

    tasks.run(asked())

    assert seen == [("0", "5s")]
    assert tuple(db.session.execute(text(limits)).one()) == ("15s", "5s"), "pages go on as ever"


def test_a_step_that_was_given_up_meanwhile_counts_for_nothing(work: Counting) -> None:
    job_id = asked()
    with transaction():
        errand = services.begin_step(job_id, now=utcnow())
    assert errand is not None
    change(job_id, begun_at=None)
    tasks.run(job_id)

    with pytest.raises(services.Overtaken), transaction():
        services.take_step(errand, now=utcnow())
    with transaction():
        services.give_up(errand, "Too late.", now=utcnow())

    assert read(job_id).state is JobState.RUNNING
    assert done() == ALL[:1]


def test_a_lost_bell_is_rung_again(work: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, stale, over = asked(), asked(), asked()
    for _ in range(3):
        tasks.run(over)
    for job_id in (stale, over):
        change(job_id, moved_at=utcnow() - services.RING_AGAIN)
    rung: list[object] = []
    monkeypatch.setattr(
        "lms.core.doorbell.current_app.send_task",
        lambda name, args: rung.append((name, args)),
        raising=False,
    )

    tasks.sweep()

    assert rung == [("jobs.run", (stale,))]
    assert read(fresh).state is JobState.WAITING


def test_reports_are_kept_for_thirty_days_after_the_end(work: Counting) -> None:
    director = in_role(Role.DIRECTOR)
    job_id = asked(director)
    for _ in range(3):
        tasks.run(job_id)
    end = read(job_id).ended_at
    assert end is not None

    kept = []
    for after in (services.KEPT - timedelta(seconds=1), services.KEPT):
        with transaction():
            services.sweep(now=end + after)
        kept.append(read(job_id).report is not None)

    assert kept == [True, False]
    assert read(job_id).given is None


def test_a_job_that_failed_long_ago_cannot_be_tried_again(work: Counting) -> None:
    director = in_role(Role.DIRECTOR)
    job_id = asked(director)
    change(job_id, state=JobState.FAILED, error="x", ended_at=NOW - services.KEPT)
    with transaction():
        services.sweep(now=NOW)

    with pytest.raises(services.NothingToTryAgain), transaction():
        services.try_again(director, job_id, now=NOW)


def in_role(*roles: Role) -> User:
    with transaction():
        return make_user(*roles)


@pytest.mark.parametrize(
    ("reader", "shown_to", "sees"),
    [
        ("owner", None, True),
        ("owner", Role.DIRECTOR, True),
        ("owner", Role.FACULTY, False),
        ("director", None, False),
        ("director", Role.DIRECTOR, True),
        ("faculty", Role.DIRECTOR, False),
        ("fellow", Role.DIRECTOR, False),
    ],
)
def test_a_job_is_seen_by_who_asked_and_by_whom_it_is_shown_to(
    work: Counting, reader: str, shown_to: Role | None, sees: bool
) -> None:
    owner = in_role(Role.DIRECTOR)
    job_id = asked(owner, shown_to)
    person = owner if reader == "owner" else in_role(Role(reader))

    listed = [job.id for job in queries.jobs_of(person, 1).items]

    assert listed == ([job_id] if sees else [])
    if sees:
        assert queries.job_of(person, job_id).id == job_id
    else:
        with pytest.raises(NotFound):
            queries.job_of(person, job_id)
        with pytest.raises(NotFound), transaction():
            services.try_again(person, job_id, now=utcnow())


def no_more(user: User) -> None:
    db.session.execute(db.delete(UserRole).where(UserRole.user_id == user.id))


def disabled(user: User) -> None:
    db.session.execute(db.update(User).where(User.id == user.id).values(disabled_at=NOW))


@pytest.mark.parametrize("happened", [no_more, disabled])
def test_a_job_of_directors_does_not_go_on_once_its_owner_is_none(
    work: Counting, happened: Callable[[User], None]
) -> None:
    owner, other = in_role(Role.DIRECTOR), in_role(Role.DIRECTOR)
    job_id = asked(owner, Role.DIRECTOR)
    tasks.run(job_id)
    with transaction():
        happened(owner)

    with pytest.raises(services.OwnerLeft):
        tasks.run(job_id)
    with transaction():
        services.try_again(other, job_id, now=utcnow())
    with pytest.raises(services.OwnerLeft):
        tasks.run(job_id)

    assert done() == ALL[:1]
    assert read(job_id).error == (
        "Who asked for this is no director any more, so it does not go on; what was done before "
        "is done. Ask for it anew."
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"progress": 1.5},
        {"state": JobState.DONE},
        {"state": JobState.FAILED, "ended_at": NOW},
        {"state": JobState.DONE, "ended_at": NOW, "progress": 0.5},
        {"error": "x"},
        {"begun_at": NOW},
        {"owner_id": None},
    ],
)
def test_a_row_that_cannot_be_is_refused(work: Counting, wrong: dict[str, object]) -> None:
    director = in_role(Role.DIRECTOR)
    values = {"kind": JobKind.IMPORT, "owner_id": director.id, "asked_at": NOW, "moved_at": NOW}

    with pytest.raises(IntegrityError), transaction():
        add(Job(**(values | wrong)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_job_was_given_is_in_no_byte_of_the_database_once_it_is_done(
    in_app: Flask, work: Counting
) -> None:
    file = Path(db.engine.url.database or "")
    job_id = asked()
    change(job_id, given={"name": "it", "text": "tiara on a lamp, " * 2000})
    checkpoint()
    before = b"tiara on a lamp" in file.read_bytes()

    for _ in range(3):
        tasks.run(job_id)
    checkpoint()

    assert before
    assert b"tiara on a lamp" not in file.read_bytes()


def checkpoint() -> None:
    """Have everything written into the file of the database itself."""
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
