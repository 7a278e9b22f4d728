"""Where to go after signing in: only to pages of this service."""

from urllib.parse import unquote

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

CLOSED = frozenset({"static", "signin.sign_in", "signin.sign_out", "signin.use_link"})
"""What nobody is sent on to."""


def safe_next(wanted: str | None) -> str | None:
    """Return *wanted* if it is a path of ours that can be opened with a GET, else None."""
    if not wanted or not _is_plain(wanted) or not _is_plain(unquote(wanted)):
        return None
    routes = current_app.url_map.bind("")
    try:
        endpoint, _ = routes.match(unquote(wanted.partition("?")[0]), method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint in CLOSED else wanted


def _is_plain(text: str) -> bool:
    return (
        text.startswith("/")
        and "//" not in text
        and "\\" not in text
        and "#" not in text
        and text.isprintable()
    )
