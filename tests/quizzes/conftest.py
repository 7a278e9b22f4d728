"""Faculty with a small bank, and a quiz to work on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.db import transaction
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.program.services import ensure_tracks
from tests.attempts.factories import choice_item
from tests.cases.texts import case_file, load
from tests.factories import make_user
from tests.reading import place_of
from tests.signin.helpers import send

TOPICS = ("pharm-neuropathic", "pharm-opioid-safety", "psych-cbt")


@pytest.fixture
def author(app: Flask, signed_in) -> FlaskClient:
    """Faculty's browser, with a bank of three cases of two items each."""
    files = [
        case_file(
            f"case-{topic}",
            choice_item("first"),
            choice_item("third"),
            title=f"About {topic}",
            topic=topic,
        )
        for topic in TOPICS
    ]
    with app.app_context():
        load(*files)
        with transaction():
            ensure_tracks(blueprint())
            user = make_user(Role.FACULTY)
    return signed_in(user)


@pytest.fixture
def quiz(author: FlaskClient) -> str:
    """The address of a new quiz."""
    return place_of(send(author, "/quizzes/new", {"title": "November rounds"}))
