"""Stopping mails from a mail, without signing in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.web import csrf
from lms.notices import services
from lms.notices.kinds import StoppableKind, stoppable_kind
from lms.notices.queries import is_stopped
from lms.notices.stop_links import read_token
from lms.signin.access import allow_anyone, someone

bp = Blueprint("notices", __name__)


@bp.get("/unsubscribe/<token>")
@allow_anyone
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button that stops the mails; opening the page changes nothing."""
    user_id, mail = _meant_by(token)
    return _stop_page(user_id, mail, stopped=is_stopped(user_id, mail.kind))


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@allow_anyone
def stop(token: str) -> ResponseReturnValue:
    """Stop the mails: from the button, or from a mail program with one click (RFC 8058)."""
    user_id, mail = _meant_by(token)
    with transaction():
        services.set_wanted(user_id, mail.kind, False, now=utcnow())
    return _stop_page(user_id, mail, stopped=True)


def _meant_by(token: str) -> tuple[int, StoppableKind]:
    user_id, kind = read_token(token)
    return user_id, stoppable_kind(kind)


def _stop_page(user_id: int, mail: StoppableKind, *, stopped: bool) -> ResponseReturnValue:
    user = someone()
    own = user is not None and user.id == user_id and mail.role in user.roles
    return render_template("notices/unsubscribe.html", mail=mail, stopped=stopped, own=own)
