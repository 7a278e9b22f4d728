"""What the tests of the quizzes' pages share."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.program.models import Cohort
from tests.factories import add, day_of, make_track
from tests.signin.helpers import send


def case_ids(client: FlaskClient, quiz: str) -> list[str]:
    """Return the cases that are offered to be added whole to a quiz."""
    return re.findall(r'name="case_id" value="(\d+)"', client.get(f"{quiz}/add").text)


def item_ids(client: FlaskClient, quiz: str) -> list[str]:
    """Return the items that are offered to be added alone."""
    return re.findall(r'name="item_id" value="(\d+)"', client.get(f"{quiz}/add").text)


def make_class(name: str, *, track: str = "ipm", starts_in: int = -100) -> int:
    """Return the id of a cohort of 300 days around today, since pages ask the real clock."""
    first = day_of(utcnow()) + timedelta(days=starts_in)
    last = first + timedelta(days=300)
    here = make_track(track).id
    return add(Cohort(track_id=here, name=name, starts_on=first, ends_on=last)).id


def class_id(app: Flask, name: str = "Class of this year", track: str = "ipm") -> int:
    """Return the id of a new cohort; see `make_class`."""
    with app.app_context(), transaction():
        return make_class(name, track=track)


def act(client: FlaskClient, quiz: str, what: str, **data: object) -> TestResponse:
    """Send a form of the quiz's page, and return the page it leads to."""
    answer = send(client, f"{quiz}/{what}", data, at=quiz)
    assert answer.status_code == 302, answer.text
    return client.get(answer.location)
