"""A fellow's own progress, with the goals that the fellow has, and who opened the report."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.web import page_asked
from lms.mentoring.goals import wording
from lms.mentoring.goals.queries import all_goals
from lms.mentoring.looks import looks_at
from lms.mentoring.wishing import wording as of_wishes
from lms.mentoring.wishing.queries import wishes_of
from lms.people.models import Role
from lms.progress import queries
from lms.progress.pages import progress_page
from lms.signin.access import allow, me

bp = Blueprint("progress", __name__)


@bp.get("/progress")
@allow(Role.FELLOW)
def mine() -> ResponseReturnValue:
    """Show a fellow the own progress."""
    now = utcnow()
    return progress_page(
        "progress/mine.html",
        now,
        report=queries.report(me().id, now=now, reader=me()),
        goals=all_goals(me().id, now=now),
        of_goals=wording,
        wishes=wishes_of(me().id),
        of_wishes=of_wishes,
        looks=looks_at(me(), page_asked()),
    )
