"""What came of an attempt, for the fellow who took it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import queries
from lms.attempts.models import AttemptState
from lms.core.clock import utcnow
from lms.people.models import Role
from lms.results.queries import result_of
from lms.signin.access import allow, me

bp = Blueprint("results", __name__)


@bp.get("/attempts/<int:attempt_id>/result")
@allow(Role.FELLOW)
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what came of an attempt, or that it is being graded."""
    attempt = queries.attempt_of(me().id, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS:
        return redirect(url_for("taking.overview", attempt_id=attempt_id))
    graded = attempt.state is AttemptState.GRADED
    return render_template(
        "results/result.html",
        attempt=attempt,
        result=result_of(attempt, now=utcnow()) if graded else None,
    )
