"""What the tests of the quizzes' pages share."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import make_track
from tests.signin.helpers import send


def case_ids(page: TestResponse) -> list[str]:
    """Return the cases that a quiz's page offers to add."""
    offered = page.text.split('name="case_id"')[1].split("</select>")[0]
    return re.findall(r'value="(\d+)"', offered)


def track_id(app: Flask, slug: str = "ipm") -> int:
    """Return the id of a track."""
    with app.app_context():
        return make_track(slug).id


def act(client: FlaskClient, quiz: str, what: str, **data: object) -> TestResponse:
    """Send a form of the quiz's page, and return the page it leads to."""
    answer = send(client, f"{quiz}/{what}", data, at=quiz)
    assert answer.status_code == 302, answer.text
    return client.get(answer.location)
