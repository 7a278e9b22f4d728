"""The page on which a director reopens what was handed in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.attempts.models import Attempt, AttemptState
from lms.attempts.models import Sitting as SittingRow
from lms.core.clock import local, utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.people.models import Role, User
from lms.quizzes.models import Assignment
from tests.attempts.sitting import YEARS, Sitting
from tests.factories import NOW, make_user
from tests.reading import words
from tests.supervision.pages import held

SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR)
    return signed_in(person)


@pytest.fixture
def sitting(app: Flask, signed_in: SignIn) -> Sitting:
    """Return a fellow who has handed in, and whose attempt is graded."""
    sitting = Sitting(app, signed_in)
    sitting.save(1, answer="0")
    sitting.result()
    return sitting


def page_of(sitting: Sitting) -> str:
    return f"{sitting.url}/reopen"


def test_it_goes_on_with_all_answers_and_the_fellow_is_told_once(
    app: Flask, director, sitting
) -> None:
    shown = director.get(page_of(sitting))
    data = held(shown) | {"reason": "Power cut"}

    done = [director.post(page_of(sitting), data=data, follow_redirects=True) for _ in range(2)]

    assert "1 of 4 answered" in words(shown)
    assert "The score is taken back until it is handed in again." in words(shown)
    assert "can read answers to it already" in words(shown)
    assert all("can go on until" in words(each) for each in done)
    assert sitting.state() is AttemptState.IN_PROGRESS
    with app.app_context():
        mails = db.session.scalars(select(Message).where(Message.kind == "quiz_extended")).all()
        assert ["Reason: Power cut" in parts_of(each).text for each in mails] == [True]
        assert len(db.session.scalars(select(SittingRow)).all()) == 2
    assert sitting.fellow.get(f"{sitting.url}/result").status_code != 500


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "Say why the attempt is reopened."),
        ({"until": "2026-01-01T10:00"}, "Give a time to come."),
        ({"until": ""}, "Say until when."),
        (
            {"until": local(NOW + YEARS + DAY, "UTC").strftime("%Y-%m-%dT%H:%M")},
            "Results are shown",
        ),
    ],
)
def test_what_cannot_be_is_said_at_the_field(director, sitting, said, sentence) -> None:
    data = held(director.get(page_of(sitting))) | {"reason": "Why"} | said
    answer = director.post(page_of(sitting), data=data)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sitting.state() is AttemptState.GRADED


def test_what_has_changed_meanwhile_is_shown_first(app: Flask, director, sitting) -> None:
    data = held(director.get(page_of(sitting))) | {"reason": "Why"}
    sitting.change(Attempt, submitted_at=utcnow() - DAY)

    answer = director.post(page_of(sitting), data=data)

    assert answer.status_code == 409
    assert sitting.state() is AttemptState.GRADED


def test_what_runs_or_has_its_results_shown_is_not_reopened(
    app: Flask, director, signed_in, sitting
) -> None:
    running = Sitting(app, signed_in)
    now = utcnow()
    past = {"due_at": now - 2 * DAY, "closes_at": now - DAY, "results_at": now - DAY}
    sitting.change(Assignment, opens_at=now - 9 * DAY, **past)

    assert "It was not handed in" in words(director.get(page_of(running)))
    shown = words(director.get(page_of(sitting)))
    assert "so it cannot be reopened" in shown
    assert "Reason" not in shown


def test_nobody_but_directors_opens_it(app: Flask, director, sitting, signed_in) -> None:
    with app.app_context(), transaction():
        faculty = make_user(Role.FACULTY)

    assert signed_in(faculty).get(page_of(sitting)).status_code == 403
    assert director.get("/attempts/999/reopen").status_code == 404
