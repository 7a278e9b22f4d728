"""The page on which a director stops the clock of one attempt, or lets it go on."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import freezing
from lms.attempts.queries import attempt_by_id, is_running
from lms.core.clock import utcnow
from lms.core.forms import carried_out, pressed
from lms.people.models import Role
from lms.signin.access import allow, me
from lms.supervision.freezing.forms import FreezeForm

bp = Blueprint("freezing", __name__)

_directors = allow(Role.DIRECTOR)


@bp.route("/attempts/<int:attempt_id>/freeze", methods=["GET", "POST"])
@_directors
def freeze(attempt_id: int) -> ResponseReturnValue:
    """Stop the clock of a fellow's attempt: for an alarm, a call, an emergency."""
    form = FreezeForm.from_request()
    form.name_zone(me().time_zone)

    def act() -> None:
        until = form.until.moment if form.until.data else None
        freezing.freeze(me(), attempt_id, reason=form.reason.data, until=until, now=utcnow())

    done = carried_out(form, act)
    attempt, now = attempt_by_id(attempt_id), utcnow()
    if done:
        flash(f"The clock of {attempt.fellow.name} is stopped. The time left is kept.", "good")
        return redirect(_assignment(attempt.assignment_id))
    page = render_template(
        "freezing/freeze.html",
        attempt=attempt,
        form=form,
        runs=is_running(attempt, now),
        freeze=freezing.open_freeze(attempt_id),
        left=attempt.deadline_at - now if attempt.deadline_at else None,
    )
    return page, form.status


@bp.post("/attempts/<int:attempt_id>/unfreeze")
@_directors
def unfreeze(attempt_id: int) -> ResponseReturnValue:
    """Let the clock go on, with the time that was left; if it goes, nothing happens."""
    done = pressed(lambda: freezing.resume(me(), attempt_id, now=utcnow()))
    attempt = attempt_by_id(attempt_id)
    if done:
        flash(f"The clock of {attempt.fellow.name} goes on.", "good")
    return redirect(_assignment(attempt.assignment_id))


def _assignment(assignment_id: int) -> str:
    return url_for("supervision.assignment", assignment_id=assignment_id)
