"""Today's pages over a database of the first edition that was brought up."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import User
from lms.signin import sessions
from tests.migrations import edition
from tests.test_schema import empty

__all__ = ["empty"]

OF_EACH = 3
"""How many pages of one kind a person opens."""

SEEN = {
    "director@demo.example": {"program.cohort", "accounts.person", "mentoring.cohort"},
    "faculty@demo.example": {
        "bank.case",
        "quizzes.quiz",
        "marking.answer",
        "supervision.assignment",
    },
    "mentor@demo.example": {"mentoring.fellow", "digests.digest"},
    "eva@example.org": {"operations.audit", "bank.case", "mentoring.fellow"},
    "ada@example.org": {"results.result", "progress.mine"},
    "suresh@example.org": {"results.result", "progress.mine"},
}
"""Kinds of pages that a person of the first edition is to reach by links from the first one."""


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    edition.load()
    flask_migrate.upgrade()
    db.engine.dispose()
    return empty


def enter(app: Flask, email: str) -> FlaskClient:
    with transaction():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        secret = sessions.start(user, browser="test", now=utcnow())
    db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = secret
    return client


def reach(app: Flask, client: FlaskClient) -> tuple[dict[str, int], set[str]]:
    """Open what links lead to; return the status of each address, and the kinds of pages."""
    adapter = app.url_map.bind("localhost")
    waiting, status, kinds = ["/"], {}, Counter()
    while waiting:
        path = waiting.pop(0)
        try:
            kind, _ = adapter.match(path)
        except HTTPException:
            status[path] = 404
            continue
        if path in status or kind == "static" or kinds[kind] >= OF_EACH:
            continue
        page = client.get(path, follow_redirects=True)
        kinds[kind] += 1
        status[path] = page.status_code
        if page.mimetype == "text/html":
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', page.text)
            waiting += [urlsplit(unescape(link)).path for link in links]
    return status, set(kinds)


@pytest.mark.slow
@pytest.mark.parametrize("email", SEEN)
def test_every_page_that_links_lead_to_is_served(upgraded: Flask, email: str) -> None:
    status, kinds = reach(upgraded, enter(upgraded, email))

    assert {path: code for path, code in status.items() if code != 200} == {}
    assert SEEN[email] <= kinds
