"""Stopping the clock of the own attempt, and letting it go on."""

from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import freezing
from lms.core.clock import utcnow
from lms.core.forms import pressed
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("pausing", __name__)


@bp.post("/attempts/<int:attempt_id>/pause")
@allow(Role.FELLOW)
def pause(attempt_id: int) -> ResponseReturnValue:
    """Stop the clock, called away, as often as the quiz allows; the case is covered meanwhile."""
    used = request.form.get("used", "")
    number = int(used) if used.isascii() and used.isdigit() and len(used) < 3 else -1
    pressed(lambda: freezing.freeze_own(me(), attempt_id, used=number, now=utcnow()))
    return redirect(url_for("taking.overview", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@bp.post("/attempts/<int:attempt_id>/resume")
@allow(Role.FELLOW)
def resume(attempt_id: int) -> ResponseReturnValue:
    """Let the clock go on that the fellow has stopped."""
    pressed(lambda: freezing.resume_own(me(), attempt_id, now=utcnow()))
    return redirect(url_for("taking.overview", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
