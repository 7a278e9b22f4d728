"""Asking for PDFs, fetching them, and the page that prepares a meeting."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, utcnow
from lms.core.errors import NotFound
from lms.core.forms import pressed
from lms.jobs.models import JobKind
from lms.jobs.queries import job_of
from lms.mentoring.goals import wording
from lms.mentoring.looks import note_look
from lms.mentoring.printing import services
from lms.mentoring.printing.models import PrintoutKind
from lms.mentoring.printing.preparing import meeting_prepared
from lms.mentoring.printing.queries import printout_for
from lms.people.models import Role
from lms.progress.pages import progress_page
from lms.signin.access import allow, me

bp = Blueprint("printing", __name__)


@bp.post("/fellows/<int:fellow_id>/pdf")
@allow(Role.MENTOR, Role.DIRECTOR)
def report(fellow_id: int) -> ResponseReturnValue:
    """Have a PDF made of the report on a fellow."""
    return _asked(fellow_id, PrintoutKind.REPORT)


@bp.post("/progress/pdf")
@allow(Role.FELLOW)
def progress() -> ResponseReturnValue:
    """Have a PDF made of one's own progress."""
    return _asked(me().id, PrintoutKind.PROGRESS)


@bp.get("/fellows/<int:fellow_id>/prepare")
@allow(Role.MENTOR)
def prepare(fellow_id: int) -> ResponseReturnValue:
    """Show a mentor what prepares a meeting with a fellow."""
    now = utcnow()
    prepared = meeting_prepared(me(), fellow_id, now=now)
    note_look(me(), fellow_id, now=now)
    return progress_page("printing/prepare.html", now, prepared=prepared, of_goals=wording)


@bp.post("/fellows/<int:fellow_id>/prepare")
@allow(Role.MENTOR)
def preparation(fellow_id: int) -> ResponseReturnValue:
    """Have a PDF made of what prepares a meeting with a fellow: one page."""
    return _asked(fellow_id, PrintoutKind.PREPARATION)


def _asked(fellow_id: int, kind: PrintoutKind) -> ResponseReturnValue:
    done = pressed(lambda: services.ask_for_printout(me(), fellow_id, kind, now=utcnow()))
    if done is None:
        return redirect(url_for("jobs.index"))
    return redirect(url_for("jobs.job", job_id=done.result))


@bp.get("/printouts/<int:job_id>.pdf")
@allow(Role.FELLOW, Role.MENTOR, Role.DIRECTOR)
def download(job_id: int) -> ResponseReturnValue:
    """Hand a PDF to who asked for it; to look at it is to open the report."""
    now = utcnow()
    if job_of(me(), job_id).kind is not JobKind.PRINT:
        raise NotFound
    found = printout_for(me(), job_id, now=now)
    if found is None or found.pdf is None or found.made_at is None:
        flash("This PDF is not kept any more. Ask for it anew on the page it is of.", "info")
        return redirect(url_for("jobs.job", job_id=job_id))
    note_look(me(), found.fellow_id, now=now)
    day = local(found.made_at, me().time_zone).date()
    page = Response(found.pdf, mimetype="application/pdf")
    name = f"{found.kind}-{found.fellow_id}-{day}.pdf"
    page.headers.set("Content-Disposition", "attachment", filename=name)
    return page
