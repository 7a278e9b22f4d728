"""Terms that change while an attempt begins: whichever is first, the attempt goes by the new."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts import services
from lms.attempts.models import Attempt
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.quizzes.assigning import AssignmentTerms
from lms.supervision import services as acts
from question_bank.terms import Grant
from tests.attempts.factories import make_assignment
from tests.factories import NOW, make_fellow, make_user
from tests.overlap import while_open

DAY = timedelta(days=1)

Change = Callable[[User, int, int], object]


def accommodate(director: User, _assignment_id: int, fellow_id: int) -> object:
    return acts.accommodate(
        director, fellow_id, percent=200, reason="Certified", starts_on=NOW.date(), now=NOW
    )


def extend(director: User, assignment_id: int, fellow_id: int) -> object:
    grant = Grant(minutes=30)
    return acts.extend(director, assignment_id, fellow_id, grant=grant, reason="Call", now=NOW)


def change_dates(director: User, assignment_id: int, _fellow_id: int) -> object:
    terms = AssignmentTerms(NOW - DAY, NOW + DAY, NOW + 2 * DAY, time_limit=60)
    return acts.change_dates(director, assignment_id, terms=terms, now=NOW)


@pytest.mark.parametrize("change", [accommodate, extend, change_dates])
@pytest.mark.parametrize("change_first", [True, False])
def test_an_attempt_that_begins_meanwhile_has_the_time(
    app: Flask, change: Change, change_first: bool
) -> None:
    with app.app_context(), transaction():
        fellow, director = make_fellow(), make_user(Role.DIRECTOR)
        assignment_id = make_assignment(fellow, time_limit=30).id

    def begin() -> None:
        services.start_attempt(db.session.get_one(User, fellow.id), assignment_id, now=NOW)

    def widen() -> None:
        change(db.session.get_one(User, director.id), assignment_id, fellow.id)

    while_open(app, *((widen, begin) if change_first else (begin, widen)))

    with app.app_context():
        attempt = db.session.scalars(db.select(Attempt)).one()
    assert attempt.deadline_at == NOW + timedelta(minutes=60)
