"""The page on which directors set what holds for the program."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.cases.settings import CASE_USE, CaseUse
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.settings import Setting, setting
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.people.models import Role, User
from lms.progress.settings import VERDICT
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from question_bank.verdict import VerdictPolicy
from tests.factories import make_user
from tests.reading import words
from tests.signin.helpers import send

PAGE = "/settings/program"

FORM = {
    "line": "75",
    "talk": "80",
    "approach": "90",
    "fine": "20",
    "unsigned": "y",
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

    assert (page.status_code, page.location) == (302, PAGE)
    with app.app_context():
        assert setting(VERDICT) == VerdictPolicy(line=75)
        assert setting(CASE_USE) == CaseUse(unsigned=True, overdue=False)
        assert setting(QUIET_HOURS) == QuietHours(time(21), time(6, 30))
        assert setting(RESULTS_DELAY) == ResultsDelay(48)
        changed = db.session.scalars(
            db.select(AuditEvent.after).where(AuditEvent.action == "setting.change")
        ).all()
    assert sorted(name for after in changed for name in after or ()) == [
        "assignments.results", "cases.use", "mail.quiet_hours", "verdict",
    ]  # fmt: skip
    assert "Saved." in words(director.get(PAGE))


def test_to_save_what_holds_changes_nothing(app: Flask, director: FlaskClient) -> None:
    send(director, PAGE, FORM)
    send(director, PAGE, FORM)

    assert "Nothing was changed." in words(director.get(PAGE))
    with app.app_context():
        assert (
            len(db.session.scalars(db.select(AuditEvent).filter_by(action="setting.change")).all())
            == 4
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
