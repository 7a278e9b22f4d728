"""Whatever is done with a link that is not good, or is good no more: nothing happens, and it says
why. Nor does anything happen when a scanner opens all the links of a mail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.mentoring.digests.rhythms import Rhythm
from lms.mentoring.prompts.models import OPEN_FOR, Prompt
from lms.mentoring.prompts.services import ask_no_more
from lms.people.models import User
from lms.program.models import Mentorship
from tests.factories import day_of
from tests.mentoring.acting.test_from_the_mail import (
    Asked,
    answer_of,
    ask,
    forged,
    mailed,
    pair,
    talk,
)
from tests.reading import words
from tests.signin.helpers import token_of
from tests.test_access import fingerprint


@dataclass(frozen=True)
class Spoiled:
    """A link that is to do nothing: where it leads, what it answers with, and why."""

    path: str
    status: int
    why: str


def is_forged(app: Flask, asked: Asked) -> Spoiled:
    return Spoiled(forged(asked.path), 404, "This link is not complete")


def is_cut(app: Flask, asked: Asked) -> Spoiled:
    return Spoiled(asked.path[:-6], 404, "This link is not complete")


def is_swapped(app: Flask, asked: Asked) -> Spoiled:
    other = ask(app, *pair(app))
    secret = asked.path.partition(".")[2]
    return Spoiled(f"/act/{other.prompt_id}.{secret}", 404, "This link is not complete")


def is_signed_for_something_else(app: Flask, asked: Asked) -> Spoiled:
    with app.app_context():
        own = db.session.get_one(Prompt, asked.prompt_id).path
        other = replace(own, purpose="stop-mails")
        return Spoiled(other.in_clear(), 404, "This link is not complete")


def is_of_a_mail_that_was_called_off(app: Flask, asked: Asked) -> Spoiled:
    with app.app_context(), transaction():
        ask_no_more(asked.mentor.id, db.session.get_one(Prompt, asked.prompt_id).week)
    return Spoiled(asked.path, 404, "This link is not complete")


def has_run_out(app: Flask, asked: Asked) -> Spoiled:
    old = ask(app, *pair(app), ago=OPEN_FOR)
    return Spoiled(old.path, 410, "This link has run out")


def outlives_the_mentorship(app: Flask, asked: Asked) -> Spoiled:
    with app.app_context(), transaction():
        db.session.execute(update(Mentorship).values(ends_on=date(2026, 8, 1)))
    return Spoiled(asked.path, 410, "You do not look after Dr. Amara Okafor now")


def outlives_its_mentor(app: Flask, asked: Asked) -> Spoiled:
    with app.app_context(), transaction():
        db.session.get_one(User, asked.mentor.id).disabled_at = utcnow()
    return Spoiled(asked.path, 410, "You do not look after Dr. Amara Okafor now")


def is_used_again(app: Flask, asked: Asked) -> Spoiled:
    talk(app.test_client(), asked)
    return Spoiled(asked.path, 200, "You noted that you talked")


SPOILED: list[Callable[[Flask, Asked], Spoiled]] = [
    is_forged,
    is_cut,
    is_swapped,
    is_signed_for_something_else,
    is_of_a_mail_that_was_called_off,
    has_run_out,
    outlives_the_mentorship,
    outlives_its_mentor,
    is_used_again,
]


def what_is_sent() -> dict[str, dict[str, object]]:
    """Return of each page below a link what its form sends, all of it good."""
    today = day_of(utcnow())
    return {
        "": {"met_on": today - timedelta(days=1), "notes": "What", "agreed": "That"},
        "/goal": {
            "sentence": "Know it.",
            "about": "approach:interventional",
            "items": 10,
            "right": 8,
            "due_on": today + timedelta(days=60),
        },
        "/not-needed": {"reason": "We met on rounds."},
    }


@pytest.fixture
def asked(app: Flask) -> Asked:
    return ask(app, *pair(app))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("end", ["", "/goal", "/not-needed"])
@pytest.mark.parametrize("spoil", SPOILED)
def test_nothing_happens_and_the_page_says_why(
    app: Flask, asked: Asked, browser: FlaskClient, spoil: Callable[..., Spoiled], end: str
) -> None:
    token = token_of(browser.get(asked.path))
    link = spoil(app, asked)
    before = fingerprint(app)

    looked = browser.get(link.path + end)
    peeked = browser.head(link.path + end)
    sent = what_is_sent()[end] | {"csrf_token": token}
    pressed = browser.post(link.path + end, data=sent, follow_redirects=True)

    for page in (looked, pressed):
        assert page.status_code == link.status
        assert link.why in words(page)
    assert peeked.status_code == link.status
    assert fingerprint(app) == before


@pytest.mark.parametrize("end", ["", "/goal", "/not-needed"])
def test_the_same_is_done_by_a_link_that_is_good(
    app: Flask, asked: Asked, browser: FlaskClient, end: str
) -> None:
    token = token_of(browser.get(asked.path))

    done = browser.post(asked.path + end, data=what_is_sent()[end] | {"csrf_token": token})

    assert done.status_code == 303, words(done)
    assert answer_of(app, asked) is not None


def test_a_scanner_that_opens_every_link_of_a_mail_changes_nothing(
    app: Flask, browser: FlaskClient
) -> None:
    text, _, _ = mailed(app, Rhythm())
    with app.app_context():
        html = parts_of(db.session.scalars(db.select(Message)).one()).html
    assert html is not None
    links = {
        address.removeprefix("http://localhost")
        for address in re.findall(r"http://localhost[^\s\"<>]*", f"{text} {html}")
    }
    before = fingerprint(app)

    for path in sorted(links):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert browser.open(path, method=method).status_code < 500

    assert any(path.startswith("/act/") for path in links)
    assert any(path.startswith("/unsubscribe/") for path in links)
    assert fingerprint(app) == before
