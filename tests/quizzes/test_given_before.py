"""Before a quiz is assigned, the page says what cohorts have had of it, and when."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.quizzes.models import Assignment
from tests.quizzes.pages import act, case_ids, class_id
from tests.reading import words
from tests.signin.helpers import send

YEAR = utcnow().year - 2
"""A year that is over wherever it is."""


def in_month(month: int) -> datetime:
    return datetime(YEAR, month, 15, 12, tzinfo=UTC)


def assign(client: FlaskClient, quiz: str, cohort: int) -> None:
    form = {
        "cohort_id": cohort,
        "opens_at": "2083-01-04T08:00",
        "due_at": "2083-01-11T17:00",
        "closes_at": "2083-01-18T17:00",
        "attempts_allowed": "1",
        "feedback": "graded",
    }
    assert send(client, f"{quiz}/assign", form).status_code == 302


def opened(app: Flask, *moments: datetime) -> None:
    """Have the assignments be open since these moments, in their order."""
    with app.app_context(), transaction():
        ids = db.session.scalars(db.select(Assignment.id).order_by(Assignment.id)).all()
        for assignment_id, moment in zip(ids, moments, strict=True):
            one = update(Assignment).where(Assignment.id == assignment_id)
            db.session.execute(one.values(opens_at=moment))


@pytest.fixture
def filled(author: FlaskClient, quiz: str) -> str:
    """The address of a quiz with two cases of two items each."""
    for case_id in case_ids(author, quiz)[:2]:
        act(author, quiz, "cases", case_id=case_id)
    return quiz


def test_what_a_cohort_has_had_is_said_before_it_is_given_again(app, author, filled) -> None:
    cohort = class_id(app, "Class of ours")
    class_id(app, "Another class")
    before = words(author.get(f"{filled}/assign"))
    assign(author, filled, cohort)
    opened(app, in_month(10))

    page = words(author.get(f"{filled}/assign"))

    assert "were given" not in before
    said = f"4 of these 4 items were given to this cohort in October {YEAR}."
    assert f"Class of ours, Interventional Pain Medicine Fellowship : {said}" in page
    assert page.count("Another class") == 1, "only in the list of cohorts"


def test_a_part_that_was_given_several_times_is_said_with_its_months(app, author, filled) -> None:
    cohort = class_id(app)
    assign(author, filled, cohort)
    case_id = case_ids(author, filled)[0]
    act(author, filled, "cases", case_id=case_id)
    assign(author, filled, cohort)
    opened(app, in_month(8), in_month(9))

    said = words(author.get(f"{filled}/assign"))

    months = f"August {YEAR} and September {YEAR}"
    assert f"6 of these 6 items were given to this cohort in {months}." in said


def test_what_is_yet_to_open_will_be_given(app, author, filled) -> None:
    cohort = class_id(app)
    assign(author, filled, cohort)

    page = words(author.get(f"{filled}/assign"))

    assert "4 of these 4 items will be given to this cohort in January 2083." in page


def test_what_was_taken_back_before_anybody_began_it_was_not_given(app, author, filled) -> None:
    cohort = class_id(app)
    assign(author, filled, cohort)
    with app.app_context(), transaction():
        db.session.execute(update(Assignment).values(withdrawn_at=utcnow()))

    assert "to this cohort" not in words(author.get(f"{filled}/assign"))
