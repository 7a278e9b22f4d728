"""Files to be kept of one assignment."""

from http import HTTPStatus

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.errors import Refusal
from lms.core.forms import carried_out
from lms.core.tables import table_page
from lms.people.models import Role
from lms.quizzes import queries as quiz_queries
from lms.signin.access import allow, me
from lms.supervision import access
from lms.supervision.exporting import queries, services
from lms.supervision.exporting.forms import AnswersForm
from lms.supervision.watching import watched

bp = Blueprint("exporting", __name__)

_directors = allow(Role.DIRECTOR)


class TooFewIn(Refusal):
    """Results by item would say who answered what."""

    http_status = HTTPStatus.CONFLICT
    message = f"Results by item follow when {access.ENOUGH} have handed in."


@bp.get("/assignments/<int:assignment_id>/scores.<ending>")
@_directors
def scores(assignment_id: int, ending: str) -> ResponseReturnValue:
    """Download how far each fellow is, and the score of each attempt."""
    quiz_queries.check_given(assignment_id)
    now = utcnow()
    rows = queries.score_rows(watched(assignment_id, now), me().time_zone)
    return table_page(f"scores-{assignment_id}", ending, rows, now=now)


@bp.get("/assignments/<int:assignment_id>/items.<ending>")
@allow(Role.FACULTY, Role.DIRECTOR)
def items(assignment_id: int, ending: str) -> ResponseReturnValue:
    """Download how the items went, without names, once enough have handed in."""
    given = quiz_queries.assignment_by_id(assignment_id)
    now = utcnow()
    handed_in = access.count_in(access.lines_for(me(), assignment_id, now))
    if handed_in < access.ENOUGH:
        raise TooFewIn
    told = access.items_for(me(), given, handed_in, now)
    rows = queries.item_rows(told.outcomes)
    return table_page(f"items-{assignment_id}", ending, rows, now=now)


@bp.route("/assignments/<int:assignment_id>/answers", methods=["GET", "POST"])
@_directors
def answers(assignment_id: int) -> ResponseReturnValue:
    """Ask whose answers are wanted and why, and give them out; that fellow is told."""
    given = quiz_queries.assignment_by_id(assignment_id)
    now = utcnow()
    form = AnswersForm.from_request()
    form.offer(watched(assignment_id, now))
    done = carried_out(
        form,
        lambda: services.take_out_answers(
            me(), given, form.fellow_id.data, reason=form.reason.data, now=now
        ),
    )
    if done:
        rows = queries.answer_rows(done.result, me().time_zone)
        name = f"answers-{assignment_id}-{form.fellow_id.data}"
        return table_page(name, form.ending.data, rows, now=now)
    return render_template("exporting/answers.html", given=given, form=form), form.status
