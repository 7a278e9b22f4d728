"""Answers where answering broke: a hook after the error pages, the end of a session."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, Response

log = structlog.get_logger()

Answer = Callable[[Exception], Response]


class LastResort:
    """A WSGI application that answers for *app* what no error page of it has answered.

    *answer* gives the page within a request; where that fails too, there is *bare* instead.
    """

    def __init__(self, app: Flask, answer: Answer, bare: Response) -> None:
        self._app, self._inner = app, app.wsgi_app
        self._answer, self._bare = answer, bare

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        try:
            return self._inner(environ, start_response)
        except Exception as error:
            page = self._page(environ, error)
            headers = page.get_wsgi_headers(environ)
            start_response(page.status, headers.to_wsgi_list(), sys.exc_info())
            return [page.get_data()]

    def _page(self, environ: dict[str, Any], error: Exception) -> Response:
        page = self._bare
        try:
            with self._app.request_context(environ):
                page = self._answer(error)
        except Exception as again:
            log.warning("answer_broke_twice", error=type(again).__name__)
        return page
