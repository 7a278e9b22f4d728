"""Terms that change while an attempt begins: whichever is first, the attempt goes by the new.

And while it is handed in, or graded: neither waits for the other for ever.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState
from lms.core.db import db, transaction
from lms.grading import services as grading
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.quizzes.assigning.services import AssignmentTerms
from lms.supervision import services as acts
from lms.supervision.dates import services as dates
from lms.supervision.extending import services as extending
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
    terms = AssignmentTerms(NOW - DAY, NOW + DAY, NOW + 2 * DAY, time_limit=60, attempts_allowed=2)
    return acts.change_dates(director, assignment_id, terms=terms, now=NOW)


def extend_all(director: User, assignment_id: int, _fellow_id: int) -> object:
    grant = Grant(minutes=30)
    return extending.grant_more(director, assignment_id, None, grant=grant, reason="Call", now=NOW)


def change_by_page(director: User, assignment_id: int, _fellow_id: int) -> object:
    terms = AssignmentTerms(NOW - DAY, NOW + DAY, NOW + 2 * DAY, time_limit=60, attempts_allowed=2)
    return dates.change(user_by_id(director.id), assignment_id, terms=terms, now=NOW)


CHANGES = [accommodate, extend, extend_all, change_dates, change_by_page]


@pytest.mark.parametrize("change", CHANGES)
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


def meanwhile(app: Flask, slow: Callable[[], object], quick: Callable[[], object]) -> None:
    """Begin *quick* when *slow*, which pauses after every row that it locks, has locked one."""
    locked, here = threading.Event(), threading.local()

    def pause(_connection, _cursor, statement: str, *_rest: object) -> None:
        if getattr(here, "is_slow", False) and " FOR " in statement:
            locked.set()
            time.sleep(0.3)

    def go_slowly() -> None:
        here.is_slow = True
        with app.app_context(), transaction():
            slow()
        locked.set()

    def follow() -> None:
        locked.wait(20)
        with app.app_context(), transaction():
            quick()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", pause)
    try:
        with ThreadPoolExecutor(2) as pool:
            for each in [pool.submit(go_slowly), pool.submit(follow)]:
                each.result()
    finally:
        event.remove(engine, "after_cursor_execute", pause)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("step", ["begin the next", "hand in", "grade"])
def test_a_change_and_a_step_of_the_fellow_never_wait_for_each_other(
    app: Flask, change: Change, step: str
) -> None:
    with app.app_context(), transaction():
        fellow, director = make_fellow(), make_user(Role.DIRECTOR)
        assignment_id = make_assignment(fellow, time_limit=30, attempts_allowed=2).id
        attempt_id = services.start_attempt(fellow, assignment_id, now=NOW).id
        if step == "grade":
            services.submit_attempt(fellow, attempt_id, now=NOW)
            again = services.start_attempt(fellow, assignment_id, now=NOW)
            grading.grade_attempt(attempt_id, now=NOW)
            services.submit_attempt(fellow, again.id, now=NOW)
            attempt_id = again.id
    later = NOW + timedelta(hours=2)

    def widen() -> None:
        change(db.session.get_one(User, director.id), assignment_id, fellow.id)

    def go_on() -> None:
        user = db.session.get_one(User, fellow.id)
        if step == "begin the next":
            services.start_attempt(user, assignment_id, now=later)
        if step == "hand in":
            services.submit_attempt(user, attempt_id, now=NOW)
        if step == "grade":
            grading.grade_attempt(attempt_id, now=NOW)

    meanwhile(app, widen, go_on)

    with app.app_context():
        state = db.session.get_one(Attempt, attempt_id).state
    done = AttemptState.GRADED if step == "grade" else AttemptState.SUBMITTED
    assert state is done
