"""Those who want or decide on a short quiz at the same moment, on the real database."""

from collections.abc import Callable

import pytest
from flask import Flask

from lms.core.db import db, transaction
from lms.core.errors import Invalid, Refusal
from lms.mentoring.wishing import services
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.people.models import Role, User
from lms.quizzes.models import Assignment, Quiz
from tests.factories import NOW, make_mentorship, make_user
from tests.mentoring.goals.factories import make_pair
from tests.mentoring.wishing.factories import fill_bank, let_mentors_give, wish
from tests.overlap import while_open


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        found = make_pair()
        fill_bank()
        let_mentors_give()
    return found


@pytest.fixture
def waiting(app: Flask, pair) -> int:
    fellow, mentor = pair
    with app.app_context(), transaction():
        asked = wish(mentor, fellow).id
        given = db.session.scalars(db.select(Assignment)).one()
        given.withdrawn_at = NOW
        row = db.update(QuizWish).values(
            state=WishState.WAITING, assignment_id=None, decided_at=None, decided_by=None
        )
        db.session.execute(row)
    return asked


def outcome(act: Callable[[], object]) -> Callable[[], object]:
    """Return *act* with the refusal as what it comes to."""

    def do() -> object:
        try:
            return act()
        except Refusal as refusal:
            return refusal

    return do


def how_many(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(table)) or 0


def test_one_mentor_who_clicks_twice_at_once_gives_one_quiz(app: Flask, pair) -> None:
    fellow, mentor = pair

    while_open(app, lambda: wish(mentor, fellow), lambda: wish(mentor, fellow))

    assert [how_many(app, table) for table in (QuizWish, Quiz, Assignment)] == [1, 1, 1]


def test_two_mentors_at_once_give_one_quiz_on_an_approach(app: Flask, pair) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        second = make_user(Role.MENTOR)
        make_mentorship(second, fellow)

    came = while_open(app, lambda: wish(mentor, fellow), outcome(lambda: wish(second, fellow)))

    assert isinstance(came, Invalid)
    assert [how_many(app, table) for table in (QuizWish, Quiz, Assignment)] == [1, 1, 1]


def test_two_directors_at_once_give_one_quiz(app: Flask, waiting: int) -> None:
    with app.app_context(), transaction():
        one, other = make_user(Role.DIRECTOR), make_user(Role.DIRECTOR)

    while_open(
        app,
        lambda: services.approve(one, waiting, now=NOW),
        lambda: services.approve(other, waiting, now=NOW),
    )

    with app.app_context():
        assert db.session.get_one(QuizWish, waiting).decided_by == one.id
    assert how_many(app, Assignment) == 2, "and the one that was taken back before"


def test_what_is_taken_back_while_a_director_decides_is_one_or_the_other(
    app: Flask, pair, waiting: int
) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR)

    came = while_open(
        app,
        lambda: services.take_back(pair[1], waiting, now=NOW),
        outcome(lambda: services.approve(director, waiting, now=NOW)),
    )

    assert isinstance(came, services.DecidedMeanwhile)
    assert how_many(app, Assignment) == 1
