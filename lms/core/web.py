"""What every answer carries: a request id, the headers, and error pages in the product's words."""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import (
    DataError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from lms.core import health
from lms.core.addresses import init_addresses
from lms.core.bodies import init_bodies
from lms.core.errors import Refusal
from lms.core.last_resort import LastResort
from lms.core.networks import network
from lms.core.proxies import init_proxies
from lms.core.sight import NotAsShown

log = structlog.get_logger()
csrf = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

SECRETS = {"secret", "token"}
"""Parts of an address that let in who knows them: not logged, nor left to search engines."""

TOP = "#top"
"""The place on a page where it begins, as every browser knows it."""

OWN_PAGES = {403, 404, 409, 422, 429, 500}
"""Statuses with a page of their own; others borrow the nearest."""


AWAY = (OperationalError, InterfaceError, PendingRollbackError, NoConnectionFree)
"""How SQLAlchemy says that the database does not answer, or not any more."""


RETRY_AFTER = "10"
"""Seconds after which it is worth while to ask again."""


TELLING = {403, 404, 429}
"""Statuses of a request of which the log says from where it came; of others it is not noted."""


def init_web(app: Flask, *, proxies: int, secure: bool) -> None:
    """Give *app* its headers, its log lines, its error pages and its health checks.

    *proxies* is how many trusted proxies stand in front.
    """
    app.log_exception = _nothing_more  # type: ignore[method-assign, assignment]
    bare = Response("The service is away. Try again in a minute.\n", 503, mimetype="text/plain")
    bare.headers.update(HEADERS | {"Retry-After": RETRY_AFTER})
    app.wsgi_app = LastResort(  # type: ignore[method-assign]
        app, lambda error: _answer_late(error, secure=secure), bare
    )
    init_addresses(app)
    app.before_request(_open_request)
    init_proxies(app, proxies=proxies, secure=secure)
    init_bodies(app)
    csrf.init_app(app)
    app.after_request(lambda page: _close_request(page, secure=secure))
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(SecurityError, _misdirected)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(OverflowError, _not_storable)  # SQLite's way to say it of a number
    for away in AWAY:
        app.register_error_handler(away, _unavailable)
    app.register_error_handler(Exception, _crashed)
    app.register_blueprint(health.bp)


def picture_page(content: bytes, media_type: str) -> Response:
    """Return a picture as an answer; what it may do is nothing.

    What is at its address never changes, so that a browser may keep it.
    """
    page = Response(content, mimetype=media_type)
    page.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    page.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return page


def framing_us(page: Response) -> Response:
    """Let *page*, and no other, show pages of ours in frames."""
    page.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return page


def framed_by_us(page: Response) -> Response:
    """Let *page* be shown in a frame of ours; no script runs in it, and it sends nothing."""
    dropped = ("script-src", "connect-src", "form-action", "frame-ancestors")
    kept = (part for part in POLICY.split("; ") if not part.startswith(dropped))
    page.headers["Content-Security-Policy"] = "; ".join(
        (*kept, "form-action 'none'", "frame-ancestors 'self'")
    )
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


def page_asked() -> int:
    """Return which page of a list the address asks for; the first, if that is no number."""
    return request.args.get("page", 1, type=int)


def json_sent() -> object:
    """Return what a script sent; None if that cannot be read, or nests without end."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def wants_json() -> bool:
    """Whether the request came from one of our scripts."""
    return request.accept_mimetypes.best == "application/json"


def error_page(status: int, message: str, refusal: Refusal | None = None) -> ResponseReturnValue:
    """Return the page, or the JSON, that says *message* with *status*, for *refusal* if it is one.

    Of one it also says what has changed, and what leads on.
    """
    if status >= 500:
        g._login_user = AnonymousUserMixin()  # asking who it is would fail again
    if wants_json():
        return jsonify(error=message), status
    template = f"errors/{_page_for(status)}.html"
    said = {"message": message, "way_on": refusal and refusal.way_on, "request_id": g.request_id}
    changed = refusal if isinstance(refusal, NotAsShown) else None
    return render_template(template, changed=changed, **said), status


def _page_for(status: int) -> int:
    """Return the status whose page says *status* best."""
    if status in OWN_PAGES:
        return status
    if status >= 500:
        return 500
    return 404 if status in (401, 405, 410) else 422


def _open_request() -> None:
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _close_request(page: Response, *, secure: bool) -> Response:
    page.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    for name, value in HEADERS.items():
        page.headers.setdefault(name, value)
    _name_a_place(page)
    known = request.view_args or {}
    if SECRETS & known.keys():
        page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    if secure:
        page.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" or page.status_code >= 400:
        if not page.cache_control.immutable or page.status_code >= 400:
            page.headers["Cache-Control"] = "no-store"
        trouble = g.get("trouble", {})
        (log.warning if trouble else log.info)(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            arguments={name: value for name, value in known.items() if name not in SECRETS},
            status=page.status_code,
            **trouble,
            **({"network": network()} if page.status_code in TELLING else {}),
        )
    return page


def _name_a_place(page: Response) -> None:
    """Have a redirect that names no place on its page lead to where the page begins.

    Browsers would go on with the place named by the address before it (RFC 9110, 10.2.2), and
    open a case at an item, below its text.
    """
    if page.location and "#" not in page.location:
        page.location += TOP


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return error_page(refusal.http_status, refusal.message, refusal)


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return error_page(
        HTTPStatus.FORBIDDEN,
        "The page was too old or came from somewhere else, so nothing was changed. "
        "Go back, reload the page, and send it again.",
    )


def _misdirected(_error: SecurityError) -> ResponseReturnValue:
    """Answer a request for a host that is not ours without a page, whose links need a host."""
    return Response(
        "This host is not served here.\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain"
    )


_SENTENCES = {
    401: "Sign in to see this page.",
    403: "Your role does not include this page.",
    404: "There is nothing at this address, or it is not yours to see.",
    405: "This address does not take that kind of request. Nothing was changed.",
    413: "What was sent is larger than 2 MB. Nothing was changed.",
    429: "Too many tries in a short time. Wait a few minutes, then try again.",
}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, AWAY):  # it went while an error was being answered
        return _unavailable(cause)
    if cause is not None:
        return _crashed(cause)
    return error_page(status, _SENTENCES.get(status, "The request could not be understood."))


def _not_storable(_error: DataError | OverflowError) -> ResponseReturnValue:
    log.warning("not_storable", exc_info=True)
    return error_page(
        HTTPStatus.UNPROCESSABLE_ENTITY, "What was sent has a character or number we cannot keep."
    )


def _unavailable(error: SQLAlchemyError) -> ResponseReturnValue:
    """Say that the database is away. The line of the request says so too, and no other one."""
    said = str(getattr(error, "orig", None) or error).partition("\n")[0]
    g.trouble = {"trouble": "database_away", "error": said[:200]}
    message = "The database does not answer. What was saved before is safe. Try again in a minute."
    answer = current_app.make_response(error_page(HTTPStatus.SERVICE_UNAVAILABLE, message))
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _answer_late(error: Exception, *, secure: bool) -> Response:
    """Return the page for an error that came when the page for it, or the answer, was there."""
    _open_request()
    answer = _unavailable(error) if isinstance(error, AWAY) else _crashed(error)
    return _close_request(current_app.make_response(answer), secure=secure)


def _nothing_more(_about: object) -> None:
    """Write nothing of an exception that has left a page's hands: its answer writes the line."""


def _crashed(error: BaseException) -> ResponseReturnValue:
    log.error("crashed", exc_info=error)
    return error_page(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something broke on our side. What was saved before is safe. Go back and try again.",
    )
