"""A director stops the clock of a fellow's attempt on a page, and lets it go on."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts.models import Freeze
from lms.core.db import db, transaction
from lms.people.models import Role, User
from tests.attempts.sitting import Sitting
from tests.factories import make_user
from tests.reading import words
from tests.signin.helpers import send, token_of

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR)
    return signed_in(person)


@pytest.fixture
def sitting(app: Flask, signed_in: SignIn) -> Sitting:
    return Sitting(app, signed_in)


def freezes(app: Flask) -> list[Freeze]:
    with app.app_context():
        return list(db.session.scalars(db.select(Freeze).order_by(Freeze.id)))


def test_the_clock_is_stopped_and_goes_on(app: Flask, director, sitting: Sitting) -> None:
    address = f"{sitting.url}/freeze"

    asked = words(director.get(address))
    stopped = send(director, address, {"reason": "Fire alarm", "until": ""})
    shown = words(director.get(address))
    for _ in range(2):
        token = token_of(director.get("/settings"))
        gone_on = director.post(f"{sitting.url}/unfreeze", data={"csrf_token": token})

    assert "Stop the clock of" in asked
    assert (stopped.status_code, gone_on.status_code) == (302, 302)
    assert "Fire alarm" in shown
    assert "Let it go on" in shown
    (freeze,) = freezes(app)
    assert freeze.ended_at is not None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " ", "until": ""}, "Say why the clock is stopped."),
        ({"reason": "Alarm", "until": "2001-01-01T10:00"}, "Give a time to come."),
        ({"reason": "Alarm", "until": "x"}, "Not a valid datetime value."),
    ],
)
def test_what_does_not_fit_is_said_and_the_clock_goes_on(
    app: Flask, director, sitting: Sitting, said: dict[str, str], sentence: str
) -> None:
    refused = send(director, f"{sitting.url}/freeze", said)

    assert sentence in words(refused)
    assert freezes(app) == []


def test_what_was_handed_in_has_no_clock(director, sitting: Sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    assert "No clock to stop" in words(director.get(f"{sitting.url}/freeze"))
