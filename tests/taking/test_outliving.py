"""An attempt that goes on after its quiz has closed: the pages say until when."""

from datetime import timedelta

import pytest

from lms.attempts import services
from lms.core.clock import say_when, utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.supervision import services as acts
from tests.attempts.sitting import YEARS, Sitting
from tests.factories import NOW, make_user
from tests.reading import words

HOUR = timedelta(hours=1)


@pytest.fixture
def until():
    return utcnow() + 2 * HOUR


@pytest.fixture
def reopened(app, signed_in, until) -> Sitting:
    sitting = Sitting(app, signed_in, due_in=HOUR, closes_in=2 * HOUR, results_in=YEARS)
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR)
        fellow = db.session.get_one(User, sitting.user.id)
        services.submit_attempt(fellow, sitting.id, now=NOW + timedelta(minutes=5))
        acts.reopen(director, sitting.id, until=until, reason="Power cut", now=utcnow())
    return sitting


def when(sitting: Sitting, moment) -> str:
    return say_when(moment, sitting.user.time_zone)


def test_home_says_when_it_ends_and_that_the_quiz_has_closed(reopened, until) -> None:
    page = words(reopened.fellow.get("/home"))

    assert f"The time runs out {when(reopened, until)}." in page
    assert f"Closed {when(reopened, NOW + 2 * HOUR)}." in page
    assert "Closes" not in page
    assert "Overdue" not in page
    assert "Missed" not in page


def test_the_rules_let_it_go_on_and_say_until_when(reopened, until) -> None:
    page = words(reopened.fellow.get(f"/assignments/{reopened.assignment_id}/begin"))

    assert "This quiz has closed" not in page
    assert f"Time Until {when(reopened, until)}" in page
    assert "Continue quiz" in page
