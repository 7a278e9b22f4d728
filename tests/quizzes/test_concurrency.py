"""Two people, or one who clicks twice, at one quiz."""

from typing import Any

import pytest
from flask import Flask

from lms.cases.models import StoredCase
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.quizzes import queries
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services
from lms.quizzes.assigning import services as assigning
from lms.quizzes.models import Assignment
from tests.attempts.factories import choice_item, make_case
from tests.factories import NOW, make_cohort, make_user
from tests.overlap import Act, while_open
from tests.quizzes.test_services import TERMS

pytestmark = pytest.mark.again(10)


class Desk:
    """A quiz of one case, with other cases and a cohort at hand."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.user: User = make_user(Role.FACULTY)
            self.cases: list[StoredCase] = [make_case(choice_item()) for _ in range(3)]
            self.quiz_id = services.create_quiz(self.user, title="Rounds", now=NOW).id
            arranging.add_case(self.user, self.quiz_id, self.cases[0].id, now=NOW)
            self.cohort_id = make_cohort().id

    def add(self, number: int) -> None:
        arranging.add_case(self.user, self.quiz_id, self.cases[number].id, now=NOW)

    def remove(self, number: int) -> None:
        arranging.remove_case(self.user, self.quiz_id, self.cases[number].id, now=NOW)

    def assign(self) -> int:
        given = assigning.assign(
            self.user, self.quiz_id, cohort_id=self.cohort_id, terms=TERMS, now=NOW
        )
        return given.id

    def while_open(self, first: Act, second: Act) -> Any:
        """Begin *second* while the transaction of *first* is open; return what it came to."""
        return while_open(self.app, first, second)

    def sizes(self) -> list[int]:
        """Return how many items each version has."""
        with self.app.app_context():
            versions = queries.quiz_by_id(self.quiz_id).versions
            return [len(queries.places_of(version.id)) for version in versions]


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_two_edits_of_an_assigned_quiz_go_into_one_new_version(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        desk.assign()

    desk.while_open(lambda: desk.add(1), lambda: desk.add(2))

    assert desk.sizes() == [1, 3]


def test_a_quiz_that_is_being_emptied_cannot_be_assigned(desk: Desk) -> None:
    with pytest.raises(assigning.Empty):
        desk.while_open(lambda: desk.remove(0), desk.assign)

    assert desk.sizes() == [0]


def test_what_is_assigned_is_what_was_just_added(desk: Desk) -> None:
    given = desk.while_open(lambda: desk.add(1), desk.assign)

    with desk.app.app_context():
        version = db.session.get_one(Assignment, given).quiz_version_id
        assert len(queries.places_of(version)) == 2


def test_assigning_the_same_twice_gives_it_once(desk: Desk) -> None:
    assert desk.while_open(desk.assign, desk.assign) == 1

    with desk.app.app_context():
        assert db.session.scalar(db.select(db.func.count(Assignment.id))) == 1
