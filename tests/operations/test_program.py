"""The page on which directors set what holds for the program."""

import html
import re
from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.cases.settings import CASE_USE, CaseUse
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.settings import Setting, setting
from lms.mentoring.digests.rhythms import DEFAULT_RHYTHM, Rhythm
from lms.mentoring.wishing.settings import SHORT_QUIZZES, ShortQuizzes
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.people.models import Role, User
from lms.progress.settings import VERDICT
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from question_bank.verdict import VerdictPolicy
from tests.factories import make_user
from tests.reading import place_of, words
from tests.signin.helpers import send

PAGE = "/settings/program"

FORM = {
    "line": "75",
    "talk": "80",
    "approach": "90",
    "fine": "20",
    "unsigned": "y",
    "by_mentors": "y",
    "weeks": "2",
    "weekday": "3",
    "hour": "16",
    "begins": "21:00",
    "ends": "06:30",
    "hours": "48",
}


@pytest.fixture
def director(app: Flask, signed_in: Callable[[User], FlaskClient]) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR)
    return signed_in(user)


def test_the_page_shows_what_holds(director: FlaskClient) -> None:
    page = director.get(PAGE)

    assert page.status_code == 200
    for name, value in (("line", 70), ("talk", 80), ("approach", 90), ("fine", 20), ("hours", 24)):
        assert f'name="{name}"' in page.text
        assert f'value="{value}"' in page.text


def test_what_is_saved_holds_and_what_differs_is_on_record(
    app: Flask, director: FlaskClient
) -> None:
    page = send(director, PAGE, FORM)

    assert (page.status_code, place_of(page)) == (302, PAGE)
    with app.app_context():
        assert setting(VERDICT) == VerdictPolicy(line=75)
        assert setting(CASE_USE) == CaseUse(unsigned=True, overdue=False)
        assert setting(QUIET_HOURS) == QuietHours(time(21), time(6, 30))
        assert setting(DEFAULT_RHYTHM) == Rhythm(weeks=2, weekday=3, hour=16, full=False)
        assert setting(RESULTS_DELAY) == ResultsDelay(48)
        assert setting(SHORT_QUIZZES) == ShortQuizzes(by_mentors=True)
        changed = db.session.scalars(
            db.select(AuditEvent.after).where(AuditEvent.action == "setting.change")
        ).all()
    assert sorted(name for after in changed for name in after or ()) == [
        "assignments.results", "cases.use", "digest.rhythm", "mail.quiet_hours",
        "mentoring.short_quizzes", "verdict",
    ]  # fmt: skip
    assert "Saved." in words(director.get(PAGE))


def test_to_save_what_holds_changes_nothing(app: Flask, director: FlaskClient) -> None:
    send(director, PAGE, FORM)
    send(director, PAGE, FORM)

    assert "Nothing was changed." in words(director.get(PAGE))
    with app.app_context():
        assert (
            len(db.session.scalars(db.select(AuditEvent).filter_by(action="setting.change")).all())
            == 6
        )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"line": "49"}, "Write a whole number from 50 to 90."),
        ({"line": "91"}, "Write a whole number from 50 to 90."),
        ({"line": ""}, "Write a whole number."),
        ({"talk": "59"}, "Write a whole number from 60 to 99."),
        ({"approach": "100"}, "Write a whole number from 60 to 99."),
        ({"fine": "0"}, "Write a whole number from 1 to 40."),
        ({"hours": "-1"}, "Write a whole number of hours from 0 to 336 (two weeks)."),
        ({"hours": "337"}, "Write a whole number of hours from 0 to 336 (two weeks)."),
        ({"ends": ""}, "Give both times, or neither."),
        ({"begins": ""}, "Give both times, or neither."),
        ({"ends": "21:00"}, "Quiet hours end at another time than they begin."),
    ],
)
def test_what_cannot_hold_is_refused_at_its_field_and_nothing_is_set(
    app: Flask, director: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    page = send(director, PAGE, FORM | wrong)

    assert page.status_code == 422
    assert sentence in words(page)
    with app.app_context():
        assert db.session.scalars(db.select(Setting)).all() == []


def opened(browser: FlaskClient) -> dict[str, str]:
    """Return what the form of the page sends, with nothing changed on it."""
    return sent_by(browser.get(PAGE))


def sent_by(page: TestResponse) -> dict[str, str]:
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", page.text):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if parts.get("type") != "checkbox" or re.search(r"\bchecked\b", tag):
            fields[parts["name"]] = html.unescape(parts.get("value", ""))
    return fields


@pytest.fixture
def second(app: Flask, director: FlaskClient, signed_in: Callable[[User], FlaskClient]):
    """Another director, after the settings were set."""
    assert send(director, PAGE, FORM).status_code == 302
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR)
    return signed_in(user)


def test_a_page_that_is_older_than_another_change_leaves_that_as_it_is(
    app: Flask, director: FlaskClient, second: FlaskClient
) -> None:
    older, newer = opened(director), opened(second)
    del newer["unsigned"]
    second.post(PAGE, data=newer | {"hours": "72"})

    page = director.post(PAGE, data=older | {"begins": "22:00", "ends": "05:00"})

    assert page.status_code == 302, words(page)
    with app.app_context():
        assert setting(CASE_USE) == CaseUse(unsigned=False, overdue=False)
        assert setting(RESULTS_DELAY) == ResultsDelay(72)
        assert setting(QUIET_HOURS) == QuietHours(time(22), time(5))


def test_what_two_have_changed_is_refused_at_its_field_and_taken_when_sent_again(
    app: Flask, director: FlaskClient, second: FlaskClient
) -> None:
    older, newer = opened(director), opened(second)
    del newer["unsigned"]
    second.post(PAGE, data=newer | {"hours": "72", "line": "60", "fine": "30"})

    page = director.post(PAGE, data=older | {"hours": "96", "line": "80", "talk": "90"})

    assert page.status_code == 422
    for now in ("72", "60"):
        sentence = f"Somebody has changed this meanwhile, to {now}."
        assert sentence in words(page)
    with app.app_context():
        assert setting(RESULTS_DELAY) == ResultsDelay(72)
    again = director.post(PAGE, data=sent_by(page))
    assert again.status_code == 302
    with app.app_context():
        assert setting(RESULTS_DELAY) == ResultsDelay(96)
        assert setting(VERDICT) == VerdictPolicy(line=80, talk=90, fine=30)
        assert setting(CASE_USE) == CaseUse(unsigned=False, overdue=False), "nobody took it back"


def test_what_two_have_changed_alike_is_taken(
    app: Flask, director: FlaskClient, second: FlaskClient
) -> None:
    older, newer = opened(director), opened(second)
    second.post(PAGE, data=newer | {"hours": "72"})

    assert director.post(PAGE, data=older | {"hours": "72"}).status_code == 302


def test_quiet_hours_that_two_have_changed_to_nothing_that_can_hold_are_refused(
    app: Flask, director: FlaskClient, second: FlaskClient
) -> None:
    older, newer = opened(director), opened(second)
    second.post(PAGE, data=newer | {"begins": "22:00"})

    page = director.post(PAGE, data=older | {"ends": "22:00"})

    assert page.status_code == 422
    assert "Quiet hours end at another time than they begin." in words(page)


@pytest.mark.parametrize("seen", ["", "[]", "{", "[" * 19_000, "7", '{"nonsense": []}'])
def test_a_page_that_does_not_say_what_it_saw_is_taken_by_what_holds(
    app: Flask, director: FlaskClient, seen: str
) -> None:
    assert send(director, PAGE, FORM | {"seen": seen}).status_code == 302

    with app.app_context():
        assert setting(RESULTS_DELAY) == ResultsDelay(48)
