"""A number that no column holds, in whatever form takes one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.program.models import Membership
from tests.attempts.factories import make_case
from tests.attempts.kinds import essay_item
from tests.attempts.sitting import Sitting
from tests.factories import make_cohort, make_fellow, make_user
from tests.reading import place_of
from tests.signin.helpers import token_of

HUGE = str(2**70)


DAYS = {"starts_on": "2026-08-01", "ends_on": "2027-06-30"}


TIMES = {
    name: datetime(2027, 1, day, 8, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M")
    for name, day in (("opens_at", 4), ("due_at", 11), ("closes_at", 18))
}


@pytest.fixture
def staff(app: Flask, signed_in: Callable[[User], FlaskClient]) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR, Role.FACULTY)
    return signed_in(user)


@pytest.fixture
def send(staff: FlaskClient) -> Callable[..., int]:
    """A function that sends a form and returns the status; it must not break on our side."""

    def act(url: str, **fields: str) -> int:
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        token = token_of(staff.get("/settings"))
        return staff.post(url, data={"csrf_token": token, **data}).status_code

    return act


def test_a_quiz_takes_no_case_item_or_cohort_of_such_a_number(app, staff, send) -> None:
    with app.app_context(), transaction():
        cohort = str(make_cohort().id)
    token = token_of(staff.get("/quizzes/new"))
    made = staff.post("/quizzes/new", data={"csrf_token": token, "title": "Rounds"})
    quiz = place_of(made)

    rules = TIMES | {"cohort_id": cohort, "attempts_allowed": "1", "feedback": "graded"}
    for what, fields in (
        ("cases", {"case_id": HUGE}),
        ("blueprint", {"cohort_id": HUGE, "items": "5"}),
        ("blueprint", {"cohort_id": cohort, "items": HUGE}),
        ("assign", rules | {"cohort_id": HUGE}),
        ("assign", rules | {"time_limit": HUGE}),
        ("assign", rules | {"attempts_allowed": HUGE}),
    ):
        assert send(f"{quiz}/{what}", **fields) == 422, (what, fields)


def test_a_program_takes_no_track_or_person_of_such_a_number(app, send) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(make_fellow())
        member = db.session.scalars(db.select(Membership)).one()

    for url, fields in (
        ("/cohorts/new", {"track_id": HUGE, "name": "Class", **DAYS}),
        (f"/cohorts/{cohort.id}/members", {"person_id": HUGE, **DAYS}),
        (f"/memberships/{member.id}/mentors", {"mentor__person_id": HUGE}),
    ):
        assert send(url, **fields) == 422, url


def test_an_essay_takes_no_level_or_mark_of_such_a_number(app, signed_in, send) -> None:
    with app.app_context(), transaction():
        cases = [make_case(essay_item())]
    sitting = Sitting(app, signed_in, cases=cases)
    sitting.save(1, answer="My answer.")
    sitting.result()
    url = f"/marking/{sitting.alias_at(1)}"

    assert send(url, level__0=HUGE, level__1="0") == 422
    assert send(url, level__0="1", level__1="0", seen=HUGE) == 302


def test_an_answer_takes_no_count_of_saves_of_such_a_number(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)

    page = sitting.fellow.send(
        f"{sitting.url}/items/4", tab="tab-1", seq=2**70, controls={"answer": ["30"]}
    )

    assert page.status_code == 422
