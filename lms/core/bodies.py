"""What a request may bring: a form. JSON and files only where the view says that they are meant."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from lms.core.errors import Refusal

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


MOST_PARTS = 20_000
"""Fields that a form with files may have: a long draft has thousands. Its bytes are bounded too."""


class NotTaken(Refusal):
    """What was sent is of a kind that the address does not take."""

    http_status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    message = "This address takes what its form sends, and nothing else. Nothing was changed."


def takes_json(view: View) -> View:
    """Let a view also take JSON, as our scripts send it."""
    view.takes_json = True  # type: ignore[attr-defined]
    return view


def takes_files(*names: str) -> Callable[[View], View]:
    """Let a view take files, in the fields of these names."""

    def mark(view: View) -> View:
        view.takes_files = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


def init_bodies(app: Flask) -> None:
    """Have *app* look at what each request brings, before anything is done with it."""
    app.config["MAX_FORM_PARTS"] = MOST_PARTS
    app.before_request(_check_body)


def _check_body() -> None:
    """Check that the request brings nothing, or what its address takes.

    Raises:
        NotTaken: it brings something else.
    """
    if request.endpoint is None or request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    view = current_app.view_functions[request.endpoint]
    if request.is_json and getattr(view, "takes_json", False):
        return
    kinds = FORMS if _brings_something() else FORMS | {""}
    if request.mimetype not in kinds or request.files.keys() - _files_meant_by(view):
        raise NotTaken


def _brings_something() -> bool:
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def _files_meant_by(view: object) -> frozenset[str]:
    names: frozenset[str] = getattr(view, "takes_files", frozenset())
    return names
