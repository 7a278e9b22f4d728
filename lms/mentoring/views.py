"""A mentor's fellows, a director's cohort, and the report on each."""

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.errors import NotFound
from lms.people.models import Role, User
from lms.program.queries import cohort_by_id, fellows_of, may_mentor_see, members_of, mentorships
from lms.progress import queries
from lms.progress.pages import progress_page
from lms.signin.access import allow, me, my_today
from question_bank.analysis.summary import Summary

bp = Blueprint("mentoring", __name__)


@bp.get("/fellows")
@allow(Role.MENTOR)
def fellows() -> ResponseReturnValue:
    """Show a mentor who of the own fellows needs a word, and why."""
    now = utcnow()
    own = fellows_of(me().id, my_today())
    return progress_page("mentoring/fellows.html", now, rows=_summed_up(own, now))


def _summed_up(fellows: list[User], now: datetime) -> list[tuple[User, Summary]]:
    summaries = queries.summaries(
        [fellow.id for fellow in fellows],
        since=now - queries.LATELY,
        until=now,
        now=now,
        reader=me(),
    )
    return [(fellow, summaries[fellow.id]) for fellow in fellows]


@bp.get("/cohorts/<int:cohort_id>/progress")
@allow(Role.DIRECTOR)
def cohort(cohort_id: int) -> ResponseReturnValue:
    """Show a director which fellows of a cohort need a word, why, and who mentors each."""
    now = utcnow()
    today = my_today()
    members = members_of(cohort_id, today)
    return progress_page(
        "mentoring/cohort.html",
        now,
        cohort=cohort_by_id(cohort_id),
        rows=_summed_up(members, now),
        mentors=mentorships({fellow.id for fellow in members}, today),
        today=today,
    )


@bp.get("/fellows/<int:fellow_id>")
@allow(Role.MENTOR, Role.DIRECTOR)
def fellow(fellow_id: int) -> ResponseReturnValue:
    """Show the report on a fellow, to directors and to who mentors the fellow today."""
    now = utcnow()
    today = my_today()
    if Role.DIRECTOR not in me().roles and not may_mentor_see(me().id, fellow_id, today):
        raise NotFound
    report = queries.report(fellow_id, now=now, reader=me())
    if Role.FELLOW not in report.fellow.roles:
        raise NotFound
    return progress_page("mentoring/fellow.html", now, report=report)
