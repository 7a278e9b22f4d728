"""What the tests of pages share: a browser that sends real tokens, and a count of statements."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.signin import tasks
from lms.signin.passwords import hash_password
from tests.factories import make_user

PASSWORD = "a lamp beside the river"


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


def sight_of(page: TestResponse, url: str) -> dict[str, str]:
    """Return what *page* shows, as its form that is sent to *url* carries it, or another one."""
    found: dict[bool, str] = {}
    for form in page.text.split("<form ")[1:]:
        own = re.search(r'action="([^"]*)"', form.partition(">")[0])
        carried = re.search(r'name="sight" value="([^"]+)"', form.partition("</form>")[0])
        if carried:
            found.setdefault(own is None or own[1] == url, carried[1])
    return {"sight": found[max(found)]} if found else {}


def send(client: FlaskClient, url: str, data: dict[str, object], at: str = "") -> TestResponse:
    """Open the page at *at*, or else *url*, and send its form to *url*."""
    page = client.get(at or url)
    return client.post(url, data={"csrf_token": token_of(page), **sight_of(page, url), **data})


def person(app: Flask, *roles: Role, password: str = PASSWORD, **facts: str) -> User:
    """Return a person with *roles* who has *password*."""
    with app.app_context(), transaction():
        user = make_user(*roles, **facts)
        user.password_hash = hash_password(password)
    return user


def sign_in(app: Flask, user: User, password: str = PASSWORD) -> FlaskClient:
    """Return a browser in which *user* signed in at the page."""
    client = app.test_client()
    page = send(client, "/sign-in", {"email": user.email, "password": password})
    assert page.status_code == 302, page.text
    return client


def ask_for_reset(app: Flask, email: str) -> TestResponse:
    """Ask at the page for a mail to choose a password, and answer as workers do."""
    page = send(app.test_client(), "/forgot", {"email": email})
    with app.app_context():
        tasks.answer_resets()
    return page


def is_in(client: FlaskClient) -> bool:
    """Whether the browser is signed in."""
    return client.get("/settings").status_code == 200


@contextmanager
def counted(app: Flask) -> Iterator[Callable[[], int]]:
    """Count the statements that reach the database inside the block."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("PRAGMA"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield lambda: len(seen)
    finally:
        event.remove(engine, "before_cursor_execute", note)
