"""What came of an attempt, for the fellow who took it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries
from lms.attempts.models import AttemptState
from lms.core.clock import utcnow
from lms.core.figures import say_span
from lms.core.forms import pressed
from lms.grading.queries import PROMISE
from lms.people.models import Role
from lms.results.queries import result_of, unsafe_response
from lms.results.services import acknowledge
from lms.signin.access import allow, me

bp = Blueprint("results", __name__)


@bp.get("/attempts/<int:attempt_id>/result")
@allow(Role.FELLOW)
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what came of an attempt, or that it is being graded."""
    attempt = queries.attempt_of(me().id, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS:
        return redirect(url_for("taking.overview", attempt_id=attempt_id))
    graded, now = attempt.state is AttemptState.GRADED, utcnow()
    waited = now - (attempt.submitted_at or now)
    return render_template(
        "results/result.html",
        attempt=attempt,
        result=result_of(attempt, now=now) if graded else None,
        waited=say_span(waited) if waited > PROMISE else None,
    )


@bp.post("/attempts/<int:attempt_id>/result/<int:position>/acknowledge")
@allow(Role.FELLOW)
def acknowledge_choice(attempt_id: int, position: int) -> ResponseReturnValue:
    """Note that the fellow has read why a choice of the own was unsafe."""
    now = utcnow()
    response_id = unsafe_response(queries.attempt_of(me().id, attempt_id), position, now=now)
    pressed(lambda: acknowledge(me(), response_id, now=now))
    return redirect(url_for("results.result", attempt_id=attempt_id, _anchor=f"item-{position}"))
