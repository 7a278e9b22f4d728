"""What was given to a cohort: all but what was taken back before anybody began it."""

from contextlib import suppress
from datetime import timedelta

import flask_migrate
import pytest
from flask import Flask

from lms.attempts import services
from lms.cases.models import StoredCase
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import Role, User
from lms.quizzes.given import history_of
from lms.quizzes.models import Assignment
from lms.supervision.services import withdraw
from tests.attempts.factories import choice_item, make_assignment, make_case
from tests.attempts.test_terms_migration import BEFORE, CLOSING, MOMENT, OLD, found, told
from tests.factories import NOW, make_fellow, make_user
from tests.overlap import while_open
from tests.test_schema import empty

__all__ = ["empty"]

in_app = pytest.mark.usefixtures("in_app")


class Given:
    """A quiz of one case that was given to a cohort of two fellows."""

    def __init__(self) -> None:
        with transaction():
            self.director = make_user(Role.DIRECTOR)
            self.fellows = make_fellow(), make_fellow()
            self.case: StoredCase = make_case(choice_item())
            self.assignment = make_assignment(*self.fellows, cases=[self.case])
        self.cohort_id = self.assignment.audiences[0].cohort_id

    def begin(self, fellow: User, minutes: int) -> None:
        now = NOW + timedelta(minutes=minutes)
        with transaction():
            services.start_attempt(fellow, self.assignment.id, now=now)

    def take_back(self) -> None:
        with transaction():
            withdraw(self.director, self.assignment.id, now=NOW + timedelta(hours=1))

    @property
    def counts(self) -> bool:
        """Whether draws take its case for one that the cohort has had."""
        return history_of(self.cohort_id).cases[self.case.id] == 1

    @property
    def row(self) -> Assignment:
        db.session.expire_all()
        return db.session.get_one(Assignment, self.assignment.id)


@in_app
def test_what_was_begun_stays_given_when_it_is_taken_back() -> None:
    given = Given()
    given.begin(given.fellows[0], 5)

    given.take_back()

    assert given.counts


@in_app
def test_what_nobody_had_begun_was_not_given_when_it_is_taken_back() -> None:
    given = Given()
    before = given.counts

    given.take_back()

    assert (before, given.counts, given.row.begun_at) == (True, False, None)


@in_app
def test_it_was_begun_when_the_first_fellow_began_it() -> None:
    given = Given()
    for fellow, minutes in ((given.fellows[0], 5), (given.fellows[1], 9), (given.fellows[0], 12)):
        given.begin(fellow, minutes)

    assert given.row.begun_at == NOW + timedelta(minutes=5)


@in_app
def test_who_is_refused_begins_nothing() -> None:
    given = Given()
    given.take_back()

    with pytest.raises(NotFound):
        given.begin(given.fellows[0], 70)

    assert (given.counts, given.row.begun_at) == (False, None)


@pytest.mark.parametrize("begin_first", [True, False])
def test_it_is_given_if_and_only_if_it_was_begun_when_both_come_at_once(
    app: Flask, begin_first: bool
) -> None:
    with app.app_context():
        given = Given()

    def begin() -> None:
        fellow = db.session.get_one(User, given.fellows[0].id)
        services.start_attempt(fellow, given.assignment.id, now=NOW)

    def take_back() -> None:
        withdraw(db.session.get_one(User, given.director.id), given.assignment.id, now=NOW)

    with suppress(NotFound, services.Withdrawn):
        while_open(app, *((begin, take_back) if begin_first else (take_back, begin)))

    with app.app_context():
        attempts = db.session.execute(db.text("SELECT count(*) FROM attempt")).scalar_one()
        assert given.counts is (attempts == 1)


ANOTHER = f"""INSERT INTO assignment (id, quiz_version_id, cohort_id, opens_at, due_at, closes_at,
    time_limit, attempts_allowed, feedback, ask_confidence, created_by, created_at) VALUES (4, 1, 7,
    '{MOMENT}', '{CLOSING}', '{CLOSING}', 30, 2, 'closed', true, 5, '{MOMENT}')"""


def test_what_was_begun_before_the_upgrade_is_known_and_goes_back(empty: Flask) -> None:
    flask_migrate.upgrade(revision=OLD)
    told(*BEFORE, ANOTHER)
    begun = "SELECT id, begun_at IS NOT NULL FROM assignment ORDER BY id"

    flask_migrate.upgrade()
    first = db.session.execute(db.select(Assignment.begun_at).where(Assignment.id == 3)).scalar()
    db.session.remove()
    after = found(begun)
    flask_migrate.downgrade(revision="0019")
    kept = found("SELECT id FROM assignment ORDER BY id")
    flask_migrate.upgrade()

    assert first is not None
    assert first.isoformat() == "2026-11-01T08:00:00+00:00"
    assert after == found(begun) == [(3, True), (4, False)]
    assert kept == [(3,), (4,)]
