"""The page on which a director reopens an attempt."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import say_when, utcnow
from lms.core.forms import carried_out
from lms.core.sight import check_sight
from lms.people.models import Role
from lms.signin.access import allow, me
from lms.supervision.reopening import queries, services
from lms.supervision.reopening.forms import ReopenForm

bp = Blueprint("reopening", __name__)


@bp.route("/attempts/<int:attempt_id>/reopen", methods=["GET", "POST"])
@allow(Role.DIRECTOR)
def reopen(attempt_id: int) -> ResponseReturnValue:
    """Say what reopening an attempt does, and do it."""
    now, zone = utcnow(), me().time_zone
    closed = queries.closed_attempt(attempt_id, now)
    form = ReopenForm.from_request()
    form.suggest(now, closed.latest, zone)
    page = url_for("reopening.reopen", attempt_id=attempt_id)

    def act() -> None:
        until, reason = form.until.moment, form.reason.data
        if not services.is_reopened(attempt_id, until):
            check_sight(queries.closed_attempt(attempt_id, now).sight(zone), page=page)
            services.reopen(me(), attempt_id, until=until, reason=reason, now=now)

    if carried_out(form, act):
        until = say_when(form.until.moment, zone)
        flash(f"{closed.fellow} can go on until {until}, and is told.", "good")
        return redirect(url_for("supervision.assignment", assignment_id=closed.assignment_id))
    closed = queries.closed_attempt(attempt_id, now)
    answer = render_template(
        "reopening/reopen.html", closed=closed, form=form, as_shown=closed.sight(zone), now=now
    )
    return answer, form.status
