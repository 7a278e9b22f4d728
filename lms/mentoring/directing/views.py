"""A fellow's page for directors: who and what is on record, and where each is changed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.web import page_asked
from lms.mentoring.directing.people import record_of
from lms.mentoring.goals import wording as goal_wording
from lms.mentoring.goals.queries import side_of
from lms.people.models import Role
from lms.signin.access import allow, me
from lms.supervision.accommodating import wording

bp = Blueprint("directing", __name__)


@bp.get("/people/<int:user_id>/training")
@allow(Role.DIRECTOR)
def person(user_id: int) -> ResponseReturnValue:
    """Show what is on record of a fellow: no answer and no score, which the report has."""
    now = utcnow()
    return render_template(
        "directing/person.html",
        of=record_of(me(), user_id, page_asked(), now=now),
        goal_side=side_of(me(), user_id, now),
        of_goals=goal_wording,
        say=wording,
    )
