"""The application served on this machine, with one of everything to look at."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import flask_migrate
from flask import Flask, abort, request
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server

from lms.app import create_app
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.operations import mailbox_door
from lms.people.models import User
from lms.people.queries import user_by_email
from lms.signin import sessions
from tests.journeys.contents import PEOPLE, fill
from tests.services import free_port

Fill = Callable[[datetime], tuple[str, dict[str, Any]]]
"""Fills an empty database; returns everybody's password, and what stands in addresses."""


@dataclass
class Site:
    """A running application; everybody has the same `password`.

    `arguments` stand in the addresses of its pages. `people` are who may be signed in, by what they
    are here for, each with an email address. `troubles` is what browsers complained of.
    """

    app: Flask
    url: str
    browser: Browser
    password: str
    arguments: dict[str, Any]
    people: Mapping[str, str]
    troubles: list[str] = field(default_factory=list)
    opened: list[BrowserContext] = field(default_factory=list)

    def context(self, who: str = "nobody", **options: Any) -> BrowserContext:
        """Return a browser of its own in which *who* is signed in; nothing in it moves."""
        context = self.browser.new_context(reduced_motion="reduce", **options)
        self.opened.append(context)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("console", self._hear)
        with self.app.app_context():
            door = {"name": mailbox_door.COOKIE, "value": mailbox_door.DOOR.secret()}
        context.add_cookies([door | {"url": f"{self.url}/mailbox"}])
        if who != "nobody":
            context.add_cookies([{"name": "session", "value": self.cookie(who), "url": self.url}])
        return context

    def enter(self) -> None:
        """Have what a test itself does ring this site's workers; nothing has complained yet."""
        self.app.extensions["celery"].set_current()
        self.troubles.clear()

    def at_home(self, who: str, width: int, *, script: bool = True) -> Page:
        """Return the page on which somebody starts, in a browser of its own."""
        size = ViewportSize(width=width, height=800)
        page = self.context(who, viewport=size, java_script_enabled=script).new_page()
        page.goto(self.url)
        return page

    def close(self) -> None:
        """Close every browser that was opened."""
        while self.opened:
            self.opened.pop().close()

    def _hear(self, line: ConsoleMessage) -> None:
        address = line.page.url if line.page else ""
        is_own_status = "with a status of" in line.text and line.location["url"] == address
        if line.type in ("error", "warning") and not is_own_status:
            self.troubles.append(f"{address}: {line.text}")

    def person(self, who: str) -> User:
        """Return one of `people`."""
        user = user_by_email(self.people[who])
        assert user is not None
        return user

    def cookie(self, who: str) -> str:
        """Return the cookie by which somebody is signed in, in a session of its own."""
        client = self.app.test_client()
        with self.app.app_context(), transaction():
            secret = sessions.start(self.person(who), browser="Firefox on Linux", now=utcnow())
        with client.session_transaction() as session:
            session["_user_id"] = secret
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value


@contextmanager
def running_site(
    folder: Path, browser: Browser, fill: Fill = fill, people: Mapping[str, str] = PEOPLE
) -> Iterator[Site]:
    """Serve the application over a database of its own in *folder*, filled by *fill*."""
    settings = {"base_url": "http://localhost", "secret_key": "tests only", "log_level": "ERROR"}
    app = create_app(Settings(instance=folder, **settings))
    app.before_request(app.extensions["celery"].set_current)  # another site may be the default
    app.view_functions["health.readyz"] = _break_as_asked
    port = free_port()
    with app.app_context():
        flask_migrate.upgrade()
        password, arguments = fill(utcnow())
    server = make_server("localhost", port, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://localhost:{port}", browser, password, arguments, people)
    server.shutdown()
    thread.join(10)
    with app.app_context():
        db.engine.dispose()


class _Silent(WSGIRequestHandler):
    def log_request(self, *_args: Any) -> None:
        """Leave the test's report to the test."""


def _break_as_asked() -> None:
    """Answer with the error page of the status that the address asks for."""
    abort(request.args.get("as", 500, type=int))


_break_as_asked.allowed = "anyone"  # type: ignore[attr-defined]
