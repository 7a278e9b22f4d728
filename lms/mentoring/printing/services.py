"""Asking for PDFs, and making them: the rights are asked at both, and when one is fetched."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from lms.core.clock import say_when
from lms.core.db import db, stop_reading
from lms.core.errors import NotFound, Refusal
from lms.jobs import services as jobs
from lms.jobs.kinds import Errand, Work, is_work_of
from lms.jobs.models import Job, JobKind, JobState
from lms.jobs.reports import JobReport, LineOutcome, ReportLine
from lms.mentoring.printing.models import Printout, PrintoutKind
from lms.mentoring.printing.pages import SIZES, page_to_print
from lms.mentoring.printing.queries import check_may_have
from lms.mentoring.printing.typesetting import as_pdf
from lms.people.locking import locked_person
from lms.people.models import User

KEPT = timedelta(days=1)
"""How long a PDF can be fetched: it says what was known when it was made."""

NAMES = {
    PrintoutKind.REPORT: "Report on {name}",
    PrintoutKind.PROGRESS: "Progress of {name}",
    PrintoutKind.PREPARATION: "To prepare a meeting with {name}",
}


class NotReadAnyMore(Refusal):
    """Who asked for it lost the right to it meanwhile."""

    message = "You may not read this any more, so no PDF was made."


class AskedAnew(Refusal):
    """Who asked for it has asked for the same once more."""

    message = "You have asked for this PDF anew; the newer job makes it."


def ask_for_printout(owner: User, fellow_id: int, kind: PrintoutKind, *, now: datetime) -> int:
    """Have a PDF made for *owner*, roles loaded, and return its job; one under way is taken.

    What was made of the same before is not kept.

    Raises:
        NotFound: the owner may not read that of such a fellow.
    """
    check_may_have(owner, fellow_id, kind, now=now)
    locked_person(owner.id)
    same = and_(
        Printout.owner_id == owner.id, Printout.fellow_id == fellow_id, Printout.kind == kind
    )
    if (known := _under_way(same)) is not None:
        return known
    db.session.execute(delete(Printout).where(same))
    job = jobs.ask(JobKind.PRINT, {}, owner=owner, shown_to=None, now=now)
    db.session.add(
        Printout(job_id=job.id, owner_id=owner.id, fellow_id=fellow_id, kind=kind, asked_at=now)
    )
    db.session.flush()
    return job.id


def _under_way(same: ColumnElement[bool]) -> int | None:
    states = (JobState.WAITING, JobState.RUNNING)
    return db.session.scalar(
        select(Job.id).join(Printout, Printout.job_id == Job.id).where(same, Job.state.in_(states))
    )


def make(errand: Errand, now: datetime) -> bytes:
    """Return the PDF that a job is to make, as its owner may read it *now*.

    Raises:
        NotReadAnyMore: the owner may not any more.
        AskedAnew: the owner has asked for it anew.
        CannotTypeset: this machine makes none.
        NotTypeset: it broke.
    """
    wanted = _wanted(errand)
    owner, _ = _owner_and_fellow(errand, wanted, now)
    page = page_to_print(owner, wanted.fellow_id, wanted.kind, now=now)
    stop_reading()
    return as_pdf(page, SIZES[wanted.kind])


def keep(errand: Errand, report: JobReport, now: datetime) -> float:
    """Keep the PDF that was made, if its owner may still read it.

    Raises:
        NotReadAnyMore: not so.
        AskedAnew: the owner has asked for it anew.
    """
    wanted = _wanted(errand)
    owner, fellow = _owner_and_fellow(errand, wanted, now)
    made = (
        update(Printout)
        .where(Printout.job_id == errand.job_id)
        .values(pdf=errand.prepared, made_at=now)
        .returning(Printout.job_id)
    )
    if db.session.scalar(made) is None:
        raise AskedAnew
    until = f"It can be fetched until {say_when(now + KEPT, owner.time_zone)}."
    what = NAMES[wanted.kind].format(name=fellow.name)
    report.lines.append(ReportLine(what, LineOutcome.TAKEN, (until,)))
    return 1.0


def _wanted(errand: Errand) -> Printout:
    found = db.session.scalar(select(Printout).where(Printout.job_id == errand.job_id))
    if found is None:
        raise AskedAnew
    return found


def _owner_and_fellow(errand: Errand, wanted: Printout, now: datetime) -> tuple[User, User]:
    owner = errand.owner
    assert owner is not None, "somebody has asked for it"  # noqa: S101
    try:
        return owner, check_may_have(owner, wanted.fellow_id, wanted.kind, now=now)
    except NotFound as lost:
        raise NotReadAnyMore from lost


def forget_old(*, now: datetime) -> None:
    """Forget PDFs that were made a day ago, and what was never made of old jobs."""
    never = and_(Printout.made_at.is_(None), Printout.asked_at <= now - jobs.KEPT)
    db.session.execute(delete(Printout).where(or_(Printout.made_at <= now - KEPT, never)))


is_work_of(
    JobKind.PRINT,
    Work(
        name="PDF",
        said_of={
            LineOutcome.TAKEN: "PDF made",
            LineOutcome.LEFT: "PDF not made",
            LineOutcome.SAME: "as before",
        },
        leads_to=("printing.download", "Download the PDF"),
        own=True,
        prepare=make,
        step=keep,
    ),
)
