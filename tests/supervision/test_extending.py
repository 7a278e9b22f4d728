"""The page that grants more, to one fellow or all, and the page that gives a quiz to more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.attempts import services as attempts
from lms.attempts.models import Attempt
from lms.core.audit import AuditEvent
from lms.core.clock import local, utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.people.models import Role, User
from lms.quizzes.models import Assignment, Extension
from lms.supervision.extending import services
from question_bank.terms import Grant
from tests.attempts.factories import make_assignment
from tests.attempts.sitting import YEARS
from tests.factories import NOW, make_cohort, make_fellow, make_user
from tests.progress.statements import counted
from tests.reading import words
from tests.supervision.pages import held

SignIn = Callable[[User], FlaskClient]

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Given:
    """A quiz of 30 minutes, given to two fellows for years; the first is answering."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.rosa, self.mei = make_fellow("Dr. Rosa"), make_fellow("Dr. Mei")
            given = make_assignment(
                self.rosa, self.mei, due_in=YEARS, closes_in=YEARS, results_in=YEARS + 9 * DAY
            )
            self.id = given.id
            self.attempt_id = attempts.start_attempt(self.rosa, given.id, now=utcnow()).id
        self.page = f"/assignments/{self.id}/extend"

    def left(self) -> timedelta:
        """Return how long the attempt lasts in all."""
        with self.app.app_context():
            attempt = db.session.get_one(Attempt, self.attempt_id)
            assert attempt.deadline_at
            return attempt.deadline_at - attempt.started_at

    def mails(self) -> list[str]:
        with self.app.app_context():
            of_kind = select(Message).where(Message.kind == "quiz_extended")
            found = db.session.scalars(of_kind.order_by(Message.id))
            return [" ".join(parts_of(each).text.split()) for each in found]

    def extensions(self) -> list[Extension]:
        with self.app.app_context():
            return list(db.session.scalars(select(Extension)))


@pytest.fixture
def quiz(app: Flask) -> Given:
    return Given(app)


def staff(app: Flask, signed_in: SignIn, role: Role) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(role)
    return signed_in(person)


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    return staff(app, signed_in, Role.DIRECTOR)


@pytest.fixture
def faculty(app: Flask, signed_in: SignIn) -> FlaskClient:
    return staff(app, signed_in, Role.FACULTY)


def give(browser: FlaskClient, quiz: Given, fellow: User | None = None, **said: str) -> str:
    address = f"{quiz.page}?fellow={fellow.id}" if fellow else quiz.page
    data = held(browser.get(address)) | {"reason": "On call"} | said
    return words(browser.post(address, data=data, follow_redirects=True))


@on_sqlite
def test_one_who_is_answering_has_more_at_once_and_is_told(quiz, director) -> None:
    shown = words(director.get(f"{quiz.page}?fellow={quiz.rosa.id}"))
    said = give(director, quiz, quiz.rosa)

    assert "Give Dr. Rosa more time" in shown
    assert "15 more than all have: The clock goes from" in shown
    assert "The clock goes from" in said
    assert "Dr. Rosa is told." in said
    assert quiz.left() == 45 * MINUTE
    (mail,) = quiz.mails()
    assert "Your clock of" in mail
    assert "Reason: On call" in mail


@on_sqlite
def test_looking_at_the_page_grants_nothing(quiz, director) -> None:
    director.get(f"{quiz.page}?fellow={quiz.rosa.id}")

    assert quiz.extensions() == []
    assert quiz.left() == 30 * MINUTE


@on_sqlite
def test_the_same_twice_is_granted_and_told_once(app: Flask, quiz, director) -> None:
    for _ in range(2):
        give(director, quiz, quiz.rosa, minutes="20")

    assert [row.minutes for row in quiz.extensions()] == [20]
    assert len(quiz.mails()) == 1
    with app.app_context():
        deeds = select(AuditEvent).where(AuditEvent.action == "extension.grant")
        (deed,) = db.session.scalars(deeds)
        assert deed.after == {"assignment": quiz.id, "fellow": quiz.rosa.id, "reason": "On call"}


@on_sqlite
def test_all_are_granted_a_row_each(quiz, director) -> None:
    later = local(NOW + YEARS + DAY, "America/New_York").strftime("%Y-%m-%dT%H:%M")

    said = give(director, quiz, closes_at=later, attempts="1")

    assert "More is granted to 2 fellows" in said
    assert {row.fellow_id for row in quiz.extensions()} == {quiz.rosa.id, quiz.mei.id}
    assert len(quiz.mails()) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " ", "minutes": "5"}, "Say why."),
        ({}, "Grant more minutes, other dates, or more attempts."),
        ({"minutes": "601"}, "Grant 0 to 600 minutes more."),
        ({"attempts": "10"}, "Grant 0 to 9 attempts more."),
        ({"closes_at": "2099-01-01T10:00"}, "Results are shown from"),
        ({"due_at": "2000-01-01T10:00"}, "A quiz opens first"),
        ({"fellow_id": "9999", "minutes": "5"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_granted_is_said(quiz, director, said, sentence) -> None:
    assert sentence in give(director, quiz, **said)
    assert quiz.extensions() == []


@on_sqlite
def test_faculty_are_told_of_no_clock(quiz, faculty) -> None:
    shown = faculty.get(f"{quiz.page}?fellow={quiz.rosa.id}")
    same = faculty.get(f"{quiz.page}?fellow={quiz.mei.id}")
    said = give(faculty, quiz, quiz.rosa, minutes="15")

    assert "clock goes" not in words(shown)
    assert held(shown)["minutes"] == held(same)["minutes"] == ""
    assert "It is granted, and whom it concerns is told." in said
    assert "clock" not in said
    assert quiz.left() == 45 * MINUTE


def test_many_are_granted_in_as_many_statements_as_few(in_app: Flask) -> None:
    counts = []
    for many in (2, 7):
        with transaction():
            fellows = [make_fellow() for _ in range(many)]
            given = make_assignment(*fellows)
            director = make_user(Role.DIRECTOR)
            for each in fellows:
                attempts.start_attempt(each, given.id, now=NOW)
        with transaction(), counted(in_app) as statements:
            grant = Grant(minutes=5)
            done = services.grant_more(
                director, given.id, None, grant=grant, reason="Call", now=NOW
            )
            services.tell(given.id, "Rounds", done, reason="Call", now=NOW)
        counts.append(len(statements))
        assert len(done) == many

    assert counts[0] == counts[1]


def widen(browser: FlaskClient, quiz: Given, whom: str) -> str:
    page = f"/assignments/{quiz.id}/audience"
    data = held(browser.get(page)) | {"whom": whom}
    return words(browser.post(page, data=data, follow_redirects=True))


@on_sqlite
def test_a_quiz_is_given_to_another_fellow_later_and_once(app: Flask, quiz, director) -> None:
    with app.app_context(), transaction():
        ida = make_fellow("Dr. Ida")

    first = widen(director, quiz, f"fellow {ida.id}")
    again = widen(director, quiz, f"fellow {ida.id}")

    assert "It is given to more fellows" in first
    assert "3 fellows" in first
    assert "It was given so." in again
    with app.app_context(), transaction():
        assert attempts.start_attempt(ida, quiz.id, now=utcnow()).number == 1
        events = select(AuditEvent).where(AuditEvent.action == "assignment.widen")
        assert [each.after for each in db.session.scalars(events)] == [{"fellow": ida.id}]


@on_sqlite
def test_a_quiz_is_given_to_another_cohort_later(app: Flask, quiz, faculty) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(make_fellow("Dr. Ida"), make_fellow("Dr. Noa"))

    assert "4 fellows" in widen(faculty, quiz, f"cohort {cohort.id}")


@on_sqlite
@pytest.mark.parametrize("whom", ["", "cohort 999", "fellow x", "mentor 1"])
def test_nobody_else_can_be_meant(quiz, director, whom: str) -> None:
    assert "It was given to nobody more" in widen(director, quiz, whom)


@on_sqlite
def test_what_has_closed_is_given_to_nobody_more(app: Flask, quiz, director) -> None:
    with app.app_context(), transaction():
        ida = make_fellow()
        now = utcnow()
        moved = db.update(Assignment).where(Assignment.id == quiz.id)
        db.session.execute(
            moved.values(due_at=now - DAY, closes_at=now - DAY, opens_at=now - 2 * DAY)
        )

    assert "so nobody could begin it" in widen(director, quiz, f"fellow {ida.id}")
