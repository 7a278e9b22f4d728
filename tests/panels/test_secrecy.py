"""What panelists and staff must not see, and what must not be written down."""

import re

import pytest
from flask import Flask

from lms.core import web
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.panels.answering import answer
from lms.panels.models import PanelAnswer
from lms.panels.queries import PanelistAnswer
from lms.people.models import User
from tests.attempts.factories import SECRET
from tests.panels.factories import KEYS, SLUG, make_asked, the_panel
from tests.panels.test_pages import post

WORDS = ("alfalfa", "bergamot", "chicory")


MOMENT = re.compile(r"[A-Z][a-z]{2} \d{1,2}, (?:\d{4}, )?\d{1,2}:\d{2} [AP]M")


@pytest.fixture
def secrets(app: Flask) -> list[str]:
    """Three links; each owner has answered with a word of the own."""
    with app.app_context():
        _, found = make_asked(12, now=utcnow())
        for secret, point, word in zip(found, (0, 2, 4), WORDS, strict=False):
            with transaction():
                answer(secret, {key: PanelistAnswer(point, word) for key in KEYS}, now=utcnow())
    return found


def pages_of(app: Flask, secret: str) -> str:
    """Return all that a panelist ever sees, sending nothing and too little included."""
    client, link = app.test_client(), f"/panel/{secret}"
    return "".join(
        (
            client.get(link).text,
            post(client, link, link, {"answer-1": "1"}).text,
            client.get(f"{link}/thanks").text,
        )
    )


def test_neither_key_nor_reason_nor_source_is_shown_at_any_time(app, secrets) -> None:
    for secret in (secrets[0], secrets[5]):
        assert SECRET not in pages_of(app, secret)


def test_a_panelist_sees_the_own_answers_and_nobody_elses(app, secrets) -> None:
    assert "alfalfa" in pages_of(app, secrets[0])
    for word in WORDS[1:]:
        assert word not in pages_of(app, secrets[0])
    for word in WORDS:
        assert word not in pages_of(app, secrets[5])
    assert "checked" not in app.test_client().get(f"/panel/{secrets[5]}").text


def test_a_panelist_does_not_see_who_else_is_asked_or_how_many(app, secrets) -> None:
    text = pages_of(app, secrets[0])

    assert "example.org" not in text
    assert "Dr. Expert" not in text
    assert not re.search(r"\b12\b", MOMENT.sub("", re.sub(r"<[^>]+>", " ", text)))


def test_staff_do_not_see_who_has_answered_or_what(app, secrets, signed_in) -> None:
    with app.app_context():
        user = db.session.get_one(User, the_panel().opened_by)
    client = signed_in(user)
    few = client.get(f"/bank/{SLUG}/panel").text
    with app.app_context():
        for secret in secrets[3:]:
            with transaction():
                answer(secret, {key: PanelistAnswer(1, "dill") for key in KEYS}, now=utcnow())
    enough = client.get(f"/bank/{SLUG}/panel").text

    assert not any(word in few for word in WORDS)
    assert all(word in enough for word in WORDS)
    rows = re.findall(r'<li class="split">\s*<div>(.*?)</li>', enough, re.S)
    assert len(rows) == 12
    assert len({re.sub(r"\d+|value=\"[^\"]*\"", "", row) for row in rows}) == 1


def test_every_address_that_lets_in_is_known_by_the_name_of_its_part(app) -> None:
    parts = {"links", "panel", "unsubscribe"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.split("/")[1] in parts]

    assert len(rules) >= 5
    assert all(rule.arguments & web.SECRETS for rule in rules)


def test_search_engines_keep_nothing(app, secrets) -> None:
    client = app.test_client()
    for address in (
        f"/panel/{secrets[0]}",
        f"/panel/{secrets[0]}/thanks",
        "/panel/made-up",
        "/panel/made-up/exhibits/x",
    ):
        page = client.get(address)
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert page.headers["Cache-Control"] == "no-store"


def test_a_link_lets_its_owner_into_nothing_else(app, secrets) -> None:
    client = app.test_client()
    client.get(f"/panel/{secrets[0]}")

    for path in ("/", f"/bank/{SLUG}", f"/bank/{SLUG}/panel", "/exhibits/x"):
        assert "/sign-in" in client.get(path).location


def test_what_a_panelist_writes_runs_nothing(app, secrets) -> None:
    bad = "</textarea><script>alert(1)</script>"
    client, link = app.test_client(), f"/panel/{secrets[5]}"
    post(client, link, link, {"answer-1": "1", "answer-2": "1", "comment-1": bad})

    assert "<script>alert" not in client.get(link).text
    with app.app_context():
        assert bad in db.session.scalars(db.select(PanelAnswer.comment)).all()
