"""Who may open which page. A view without one of these decorators is closed to all."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import TypeVar, cast

import structlog
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import audit
from lms.core.clock import local, utcnow
from lms.core.db import transaction
from lms.core.networks import network
from lms.core.web import AWAY, SECRETS, wants_json
from lms.people.models import Role, User
from lms.signin import queries, sessions

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

ANYONE = "anyone"
SIGNED_IN = "signed in"


def allow(*roles: Role) -> Callable[[View], View]:
    """Open a view to those who hold one of *roles*."""
    return _mark(frozenset(roles))


def allow_signed_in(view: View) -> View:
    """Open a view to everyone who is signed in."""
    return _mark(SIGNED_IN)(view)


def allow_anyone(view: View) -> View:
    """Open a view to the world."""
    return _mark(ANYONE)(view)


def _mark(allowed: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.allowed = allowed  # type: ignore[attr-defined]
        return view

    return mark


def me() -> User:
    """Return who is signed in; only for views that are not open to anyone."""
    return cast(User, current_user._get_current_object())


def someone() -> User | None:
    """Return who is signed in, if anybody is; nobody outside of a request."""
    return me() if has_request_context() and current_user.is_authenticated else None


def my_today() -> date:
    """Return the day that it is for who is signed in."""
    return local(utcnow(), me().time_zone).date()


def enter(user: User, secret: str) -> None:
    """Make this browser the one that holds *secret*, with nothing left of an earlier visit."""
    session.clear()
    session.permanent = True
    user.secret = secret  # type: ignore[misc]
    login_user(user)


def leave() -> None:
    """Forget everything in this browser's cookie."""
    logout_user()
    session.clear()


def init_access(app: Flask) -> None:
    """Check every request of *app* against its view's decorator, and know who asks."""
    login = LoginManager(app)
    login.session_protection = None
    app.before_request(_guard)
    app.after_request(_note_refused)

    @login.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> User | None:
        user = queries.user_of_session(secret, now=utcnow())
        structlog.contextvars.bind_contextvars(user_id=user.id if user else None)
        return user


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    allowed: object = getattr(current_app.view_functions[request.endpoint], "allowed", None)
    if allowed == ANYONE:
        return None
    user = someone()
    if user is None:
        return _ask_to_sign_in()
    _note_presence(user)
    if allowed != SIGNED_IN and not (isinstance(allowed, frozenset) and user.roles & allowed):
        abort(403)
    return None


REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def _note_refused(page: Response) -> Response:
    """Note in the audit trail who asked for what is not theirs; of strangers, the log has where.

    An address that nobody has opens nothing, so it is left to the log as well; so is what a script
    sends and nobody asked for, since a device that several share keeps other people's answers.
    """
    if page.status_code in REFUSED and request.endpoint != "static" and not _sent_unasked(page):
        try:
            user = someone()
            if user is not None and request.endpoint is not None:
                _record_refused(user, page.status_code)
        except AWAY:
            log.warning("refusal_not_noted", exc_info=True)
    return page


def _sent_unasked(page: Response) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    unknown = page.status_code == HTTPStatus.NOT_FOUND
    return unknown and request.is_json and getattr(view, "takes_json", False)


def _record_refused(user: User, status: int) -> None:
    asked = {name: str(value)[:80] for name, value in (request.view_args or {}).items()}
    after = {
        "page": request.endpoint,
        "of": [f"{name} {value}" for name, value in asked.items() if name not in SECRETS],
        "status": status,
        "network": network(),
    }
    with transaction():
        audit.record(user, "page.refuse", "page", None, now=utcnow(), after=after)


def _note_presence(user: User) -> None:
    now = utcnow()
    if user.session is not None and user.session.seen_at < now - sessions.NOTED_EVERY:
        with transaction():
            sessions.touch(user.session.id, now=now)


def _ask_to_sign_in() -> BaseResponse:
    if wants_json():
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.sign_in", next=wanted))
