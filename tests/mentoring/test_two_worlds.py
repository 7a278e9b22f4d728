"""An accommodation shows to nobody but the fellow and directors: two worlds, the same bytes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.progress.queries import summaries
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from tests.factories import make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, earned, make_given, make_topic_case, take

DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    """A fellow with a quiz that closed, one that is late, one that runs, and one that was taken."""

    fellow: User
    mentor: User
    faculty: User
    director: User
    assignments: tuple[Assignment, ...]


@pytest.fixture
def world(app: Flask) -> World:
    now = utcnow()
    with app.app_context(), transaction():
        fellow, mentor = make_fellow("Dr. Amara Okafor"), make_user(Role.MENTOR)
        make_mentorship(mentor, fellow)
        take(fellow, now - 3 * DAY, {PHARM: earned(3, 12)})
        case = make_topic_case(PHARM, 2)
        closed = make_given(fellow, [case], now - 3 * DAY, title="Closed rounds")
        late = make_given(fellow, [case], now - DAY, title="Late rounds")
        runs = make_given(fellow, [case], now + 3 * DAY, title="Running rounds")
        for given in (closed, late, runs):
            given.results_at, given.time_limit = now + 20 * DAY, 30
        attempts.start_attempt(fellow, runs.id, now=now)
        people = (fellow, mentor, make_user(Role.FACULTY), make_user(Role.DIRECTOR))
        return World(*people, assignments=(closed, late, runs))


def seen(app: Flask, signed_in, world: World) -> dict[str, str]:
    """Return what the mentor and faculty are shown, without the tokens of the moment."""
    pages = {
        world.mentor: ["/fellows", f"/fellows/{world.fellow.id}"],
        world.faculty: ["/quizzes"]
        + [f"/assignments/{each.id}" for each in world.assignments]
        + [f"/quizzes/{each.quiz_version_id}" for each in world.assignments],
    }
    found = {}
    for person, addresses in pages.items():
        browser = signed_in(person)
        for address in addresses:
            page = browser.get(address)
            assert page.status_code == 200
            found[address] = re.sub(r'(csrf_token|token)"[^>]*value="[^"]*"', "", page.text)
    return found


def told(app: Flask, world: World, now: datetime) -> object:
    """Return all that a digest to the mentor is composed of."""
    with app.app_context():
        mentor = user_by_id(world.mentor.id)
        own = [world.fellow.id]
        return summaries(own, since=now - 7 * DAY, until=now, now=now, reader=mentor)


def test_mentors_and_faculty_are_told_the_same_with_and_without_an_accommodation(
    app, signed_in, world
) -> None:
    now = utcnow()
    before, digest = seen(app, signed_in, world), told(app, world, now)
    own_before = signed_in(world.fellow).get("/home").text

    with app.app_context(), transaction():
        acts.accommodate(
            world.director, world.fellow.id, percent=200, days=10, reason="Certified",
            starts_on=utcnow().date() - 30 * DAY, now=utcnow(),
        )  # fmt: skip

    assert seen(app, signed_in, world) == before
    assert told(app, world, now) == digest
    own = signed_in(world.fellow).get("/home").text
    assert "Closed rounds" in own
    assert own.count("60 minutes (30 × 2)") == 2
    assert "(30 × 2)" not in own_before
    assert "Time × 2" in signed_in(world.fellow).get("/settings").text
    assert "Time × 2" not in signed_in(world.mentor).get("/settings").text
