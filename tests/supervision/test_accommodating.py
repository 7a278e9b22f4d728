"""The page on which a director gives more time, or notes that a fellow is away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.attempts import services as attempts
from lms.attempts.models import Attempt
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.program.models import Accommodation, Leave
from tests.attempts.factories import make_assignment
from tests.factories import day_of, make_fellow, make_user
from tests.progress.factories import PHARM, make_given, make_topic_case
from tests.reading import words
from tests.signin.helpers import sight_of, token_of

SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def fellow(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_fellow("Dr. Sol")


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR)
    return signed_in(person)


def page_of(fellow: User) -> str:
    return f"/people/{fellow.id}/time"


def give(director: FlaskClient, fellow: User, **said: str) -> str:
    """Give more time by the form, and return what the next page says."""
    page = page_of(fellow)
    form = {
        "percent": "200",
        "days": "0",
        "starts_on": day_of(utcnow()).isoformat(),
        "ends_on": "",
        "reason": "A note",
    } | said
    data = {f"time-{name}": value for name, value in form.items()}
    token = token_of(director.get(page))
    answer = director.post(page, data={"csrf_token": token, **data}, follow_redirects=True)
    return words(answer)


def test_more_time_holds_at_once_in_what_runs(app: Flask, director, fellow) -> None:
    now = utcnow()
    with app.app_context(), transaction():
        given = make_given(fellow, [make_topic_case(PHARM, 2)], now + 3 * DAY)
        given.time_limit = 30
        attempt = attempts.start_attempt(fellow, given.id, now=now)
    before = attempt.deadline_at

    said = give(director, fellow)

    with app.app_context():
        after = db.session.get_one(Attempt, attempt.id).deadline_at
    assert before is not None
    assert after == before + timedelta(minutes=30)
    assert "Time × 2: saved, also for what runs." in said
    assert "A note" in said


def test_the_same_form_twice_notes_it_once(app: Flask, director, fellow) -> None:
    for _ in range(2):
        give(director, fellow)

    with app.app_context():
        assert len(db.session.scalars(select(Accommodation)).all()) == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "Say why, for the fellow and directors."),
        ({"days": "31"}, "A window is widened by 0 to 30 days."),
        ({"days": "x"}, "A window is widened by 0 to 30 days."),
        ({"ends_on": "2001-01-01"}, "The last day is not before the first."),
        ({"percent": "1000"}, "Not a valid choice."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_noted(
    app: Flask, director, fellow, said: dict[str, str], sentence: str
) -> None:
    assert sentence in give(director, fellow, **said)
    with app.app_context():
        assert not db.session.scalars(select(Accommodation)).all()


def test_a_window_that_results_hold_back_is_named(app: Flask, director, fellow) -> None:
    with app.app_context(), transaction():
        given = make_given(fellow, [make_topic_case(PHARM, 2)], utcnow() + 3 * DAY, title="Rounds")
        given.results_at = given.closes_at + DAY

    assert "at the latest" not in give(director, fellow, days="1")
    assert "“Rounds” closes" in give(director, fellow, days="5")


def test_it_ends_today_and_what_has_not_begun_is_forgotten(app: Flask, director, fellow) -> None:
    give(director, fellow)
    give(director, fellow, starts_on="2083-01-01")

    for number in (1, 2):
        url = f"{page_of(fellow)}/{number}/end"
        page = director.get(page_of(fellow))
        director.post(url, data={"csrf_token": token_of(page), **sight_of(page, url)})

    with app.app_context():
        (left,) = db.session.scalars(select(Accommodation)).all()
        assert left.ends_on is not None
        assert left.ends_on <= day_of(utcnow())


def test_it_does_not_end_while_a_wider_window_is_used(app: Flask, director, fellow) -> None:
    now = utcnow()
    with app.app_context(), transaction():
        given = make_given(fellow, [make_topic_case(PHARM, 2)], now + 3 * DAY)
        given.results_at = given.closes_at + 9 * DAY
        attempt = attempts.start_attempt(fellow, given.id, now=now)
    give(director, fellow, days="5")
    url = f"{page_of(fellow)}/1/end"
    page = director.get(page_of(fellow))

    data = {"csrf_token": token_of(page), **sight_of(page, url)}
    said = words(director.post(url, data=data, follow_redirects=True))

    assert "An attempt is running that would lose time by this." in said
    with app.app_context():
        assert db.session.scalars(select(Accommodation.ends_on)).one() is None
        deadline_at = db.session.get_one(Attempt, attempt.id).deadline_at
    assert deadline_at is not None
    assert deadline_at > now + 9 * DAY


def test_a_leave_is_noted_and_ends_when_the_fellow_is_back(app: Flask, director, fellow) -> None:
    page, today = page_of(fellow), day_of(utcnow())
    first, last = (today - 3 * DAY).isoformat(), (today + 3 * DAY).isoformat()
    said = {"leave-starts_on": first, "leave-ends_on": last}
    token = token_of(director.get(page))
    address = f"/people/{fellow.id}/leave"

    for _ in range(2):
        director.post(address, data={"csrf_token": token, **said})
    shown, url = director.get(page), f"{address}/1/end"
    director.post(url, data={"csrf_token": token, **sight_of(shown, url)})

    assert "Back today" in shown.text
    with app.app_context():
        (leave,) = db.session.scalars(select(Leave)).all()
        assert leave.ends_on < today + DAY


def test_nobody_but_directors_opens_the_page_and_only_of_fellows(
    app: Flask, director, signed_in: SignIn
) -> None:
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)
        make_assignment(make_fellow())

    assert director.get(page_of(mentor)).status_code == 404
    assert signed_in(mentor).get(page_of(mentor)).status_code == 403
