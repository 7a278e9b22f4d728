"""The page that changes dates: it asks first, says who is affected, and tells them after."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.attempts import services as attempts
from lms.core.audit import AuditEvent
from lms.core.clock import local, utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.people.models import Role, User
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from question_bank.terms import Grant
from tests.attempts.factories import make_assignment
from tests.attempts.sitting import YEARS
from tests.factories import NOW, day_of, make_fellow, make_user
from tests.reading import words
from tests.signin.helpers import counted
from tests.supervision.pages import held

SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)
CLOSES = YEARS + 9 * DAY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Rounds:
    """A quiz that stays open for years, given to three fellows: one is answering, one is done."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.mei, self.rosa, self.caleb = (
                make_fellow(f"Dr. {name}") for name in ("Mei", "Rosa", "Caleb")
            )
            given = make_assignment(
                self.mei, self.rosa, self.caleb,
                due_in=YEARS, closes_in=CLOSES, results_in=CLOSES + DAY,
            )  # fmt: skip
            self.id, now = given.id, utcnow()
            attempts.start_attempt(self.rosa, given.id, now=now)
            done = attempts.start_attempt(self.caleb, given.id, now=now)
            attempts.submit_attempt(self.caleb, done.id, now=now)
        self.url = f"/assignments/{self.id}/dates"

    def closes(self) -> timedelta:
        """Return how long after `NOW` it closes."""
        with self.app.app_context():
            return db.session.get_one(Assignment, self.id).closes_at - NOW

    def mails(self) -> dict[str, str]:
        """Return what each fellow was mailed of a change, by name."""
        with self.app.app_context():
            rows = db.session.execute(
                select(Message, User.name)
                .join(User, User.id == Message.recipient_id)
                .where(Message.kind == "quiz_changed")
            )
            return {name: " ".join(parts_of(mail).text.split()) for mail, name in rows}


@pytest.fixture
def rounds(app: Flask) -> Rounds:
    return Rounds(app)


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR)
    return signed_in(person)


@pytest.fixture
def faculty(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(Role.FACULTY)
    return signed_in(person)


def look(browser: FlaskClient, rounds: Rounds, **said: str) -> TestResponse:
    """Fill in the form, and ask who is affected."""
    return browser.post(rounds.url, data=held(browser.get(rounds.url)) | said)


def sure(browser: FlaskClient, rounds: Rounds, asked: TestResponse, **said: str) -> TestResponse:
    """Press the button of the page that asks."""
    data = held(asked) | {"do": "change"} | said
    return browser.post(rounds.url, data=data, follow_redirects=True)


def shown(after: timedelta) -> str:
    """Return how the form shows a moment after `NOW` to somebody in the zone of the tests."""
    return local(NOW + after, "America/New_York").strftime("%Y-%m-%dT%H:%M")


def test_less_is_asked_first_with_who_is_affected_and_why(rounds, director) -> None:
    asked = look(director, rounds, closes_at=shown(CLOSES - 2 * DAY))
    said = words(asked)

    assert "Close it two days earlier?" in said
    assert "Nothing has been changed yet." in said
    assert "Dr. Mei has not begun: two days less." in said
    assert "Dr. Rosa has begun: the clock does not change." in said
    assert "Dr. Caleb has handed in: nothing changes." in said
    assert "Change the date and tell 1 fellow" in said
    assert rounds.closes() == CLOSES
    assert "Say why: less is left" in words(sure(director, rounds, asked))
    assert rounds.closes() == CLOSES
    assert rounds.mails() == {}


def test_it_is_changed_told_and_kept_in_the_audit_once(app: Flask, rounds, director) -> None:
    asked = look(director, rounds, closes_at=shown(CLOSES - 2 * DAY))

    done = sure(director, rounds, asked, reason="The board meets earlier.")
    again = sure(director, rounds, asked, reason="The board meets earlier.")

    assert "The change is made, and 1 fellow is told." in words(done)
    assert "says so already" in words(again)
    assert rounds.closes() == CLOSES - 2 * DAY
    ((name, mail),) = rounds.mails().items()
    assert name == "Dr. Mei"
    assert "now closes" in mail
    assert "Reason: The board meets earlier." in mail
    with app.app_context():
        (event,) = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "assignment.change")
        )
    assert event.after is not None
    assert event.after["reason"] == "The board meets earlier."


def test_more_is_given_without_warning_or_reason(rounds, director) -> None:
    asked = look(director, rounds, closes_at=shown(CLOSES + 2 * DAY), time_limit="45")

    assert "takes away" not in words(asked)
    assert 'name="reason"' not in asked.text
    assert "Dr. Mei has not begun: two days more, 15 minutes more for an attempt." in words(asked)
    assert "Dr. Rosa has begun: the clock ends later." in words(asked)
    done = sure(director, rounds, asked)
    assert "2 fellows are told" in words(done)
    assert sorted(rounds.mails()) == ["Dr. Mei", "Dr. Rosa"]
    assert "Your clock of" in rounds.mails()["Dr. Rosa"]


def test_who_begins_meanwhile_is_shown_before_anything_is_done(
    app: Flask, rounds, director
) -> None:
    asked = look(director, rounds, closes_at=shown(CLOSES - 2 * DAY))
    with app.app_context(), transaction():
        attempts.start_attempt(rounds.mei, rounds.id, now=utcnow())

    answer = sure(director, rounds, asked, reason="Why")

    assert answer.status_code == 409
    assert "This has changed since you opened the page" in words(answer)
    assert rounds.closes() == CLOSES
    assert "tell" not in words(answer).split("Change the date")[1][:12]
    assert "It concerns nobody" in words(sure(director, rounds, answer, reason="Why"))
    assert rounds.closes() == CLOSES - 2 * DAY


def test_nobody_who_is_answering_loses_time(rounds, director) -> None:
    refused = look(director, rounds, time_limit="10")

    assert refused.status_code == 422
    assert "An attempt is running that would lose time" in words(refused)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "says so already"),
        ({"closes_at": ""}, "Say when the quiz closes."),
        ({"closes_at": shown(-DAY)}, "It closes when it is due, or later."),
        ({"due_at": "2083-03-14T02:30"}, "clocks skip it"),
        ({"results_at": shown(CLOSES - DAY)}, "Answers are shown when it closes, or later."),
        ({"time_limit": "601"}, "A time limit is 1 to 600 minutes."),
        ({"feedback": "never"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_once(rounds, director, said, sentence) -> None:
    answer = look(director, rounds, **said)

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_each_reads_the_dates_that_hold_for_the_fellow(app: Flask, rounds, director) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.DIRECTOR)
        grant = Grant(closes_at=NOW + CLOSES + DAY)
        acts.extend(other, rounds.id, rounds.mei.id, grant=grant, reason="Call", now=utcnow())

    earlier = {"closes_at": shown(CLOSES - 2 * DAY)}
    kept = look(director, rounds, **earlier, results_at=shown(CLOSES + DAY))
    cut = look(director, rounds, **earlier, results_at=shown(CLOSES))

    assert "Dr. Mei has not begun: nothing changes." in words(kept)
    assert "Dr. Mei has not begun: one day less." in words(cut)


def accommodated(app: Flask, rounds: Rounds) -> None:
    with app.app_context(), transaction():
        acts.accommodate(
            make_user(Role.DIRECTOR), rounds.rosa.id,
            percent=None, days=9, reason="A note", starts_on=day_of(utcnow()) - DAY, now=utcnow(),
        )  # fmt: skip


def without_tokens(page: TestResponse) -> str:
    return re.sub(r'(csrf_token|sight)"[^>]*value="[^"]*"', "", page.text)


@pytest.mark.parametrize(
    "said",
    [
        {"closes_at": shown(CLOSES + 2 * DAY), "results_at": shown(CLOSES + 4 * DAY)},
        {"time_limit": "60"},
        {"closes_at": shown(CLOSES - 2 * DAY)},
        {"time_limit": "10"},
        {"results_at": shown(CLOSES)},
    ],
)
def test_faculty_are_shown_the_same_with_and_without_an_accommodation(
    app: Flask, rounds, faculty, said
) -> None:
    before = look(faculty, rounds, **said)
    accommodated(app, rounds)
    after = look(faculty, rounds, **said)

    assert after.status_code == before.status_code
    assert without_tokens(after) == without_tokens(before)
    assert "begun" not in words(after)


def test_faculty_give_more_and_are_told_no_number(app: Flask, rounds, faculty) -> None:
    asked = look(faculty, rounds, closes_at=shown(CLOSES + 2 * DAY))

    assert "Dr. Mei and Dr. Rosa have not handed in yet: two days more." in words(asked)
    assert "Dr. Caleb has handed in." in words(asked)
    assert "whom it concerns is told" in words(sure(faculty, rounds, asked))
    assert rounds.closes() == CLOSES + 2 * DAY


def test_faculty_take_nothing_away_once_it_has_opened(rounds, faculty) -> None:
    assert "ask a director" in words(look(faculty, rounds, closes_at=shown(CLOSES - 2 * DAY)))


def test_the_page_asks_as_many_statements_for_many_as_for_few(app: Flask, director) -> None:
    counts = []
    for many in (2, 6):
        with app.app_context(), transaction():
            fellows = [make_fellow() for _ in range(many)]
            given = make_assignment(*fellows, due_in=YEARS, closes_in=CLOSES)
            for each in fellows[:-1]:
                attempts.start_attempt(each, given.id, now=utcnow())
            url = f"/assignments/{given.id}/dates"
        data = held(director.get(url)) | {"closes_at": shown(CLOSES + DAY)}
        with counted(app) as statements:
            director.post(url, data=data)
        counts.append(statements())

    assert counts[0] == counts[1]
