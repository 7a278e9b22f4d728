"""What the tests of the quizzes' pages share."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.program.models import Cohort
from tests.factories import add, make_track
from tests.signin.helpers import send


def case_ids(page: TestResponse) -> list[str]:
    """Return the cases that a quiz's page offers to add."""
    offered = page.text.split('name="case_id"')[1].split("</select>")[0]
    return re.findall(r'value="(\d+)"', offered)


def make_class(name: str, *, track: str = "ipm", starts_in: int = -100) -> int:
    """Return the id of a cohort of 300 days around today, since pages ask the real clock."""
    first = utcnow().date() + timedelta(days=starts_in)
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
