"""An accommodation shows to nobody but the fellow and directors: two worlds, the same bytes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.grading.services import grade_attempt
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.progress.queries import summaries
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from tests.factories import day_of, make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, earned, make_given, make_topic_case, take
from tests.supervision.whereabouts import Ward, begin, hand_in, make_ward

DAY = timedelta(days=1)

PARTS = ("", "/now", "/items.csv")

MOMENTARY = r'(csrf_token|token|sight)"[^>]*value="[^"]*"|<code>\w+</code>|As of [^.]*\.'
"""What differs between two answers to the same question."""


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
        + [f"/assignments/{each.id}{part}" for each in world.assignments for part in PARTS]
        + [f"/quizzes/{each.quiz_version_id}" for each in world.assignments],
    }
    found = {}
    for person, addresses in pages.items():
        browser = signed_in(person)
        for address in addresses:
            page = browser.get(address)
            assert page.status_code in {200, 409}
            text = page.text + page.headers.get("ETag", "")
            found[address] = re.sub(MOMENTARY, "", text)
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
            starts_on=day_of(utcnow()) - 30 * DAY, now=utcnow(),
        )  # fmt: skip

    assert seen(app, signed_in, world) == before
    assert told(app, world, now) == digest
    own = signed_in(world.fellow).get("/home").text
    assert "Closed rounds" in own
    assert own.count("60 min (30 × 2)") == 3
    assert "(30 × 2)" not in own_before
    assert "Time × 2" in signed_in(world.fellow).get("/settings").text
    assert "Time × 2" not in signed_in(world.mentor).get("/settings").text


def test_faculty_are_told_the_same_of_who_had_double_time_and_of_who_began_later(
    app, signed_in
) -> None:
    now = utcnow()
    worlds = []
    for began, doubled in ((50, True), (25, False)):
        with app.app_context(), transaction():
            ward = make_ward(now, "Adeyemi", "Brandt")
            if doubled:
                acts.accommodate(
                    make_user(Role.DIRECTOR), ward.fellows["Brandt"].id, percent=200,
                    reason="Certified", starts_on=day_of(now) - 9 * DAY, now=now,
                )  # fmt: skip
            at = now - timedelta(minutes=began)
            attempt = begin(ward, "Brandt", at, answered=3)
            faculty = make_user(Role.FACULTY)
        browser = signed_in(faculty)
        running = [browser.get(f"{ward.page}{part}") for part in ("", "/now")]
        with app.app_context(), transaction():
            hand_in(attempt, now)
            grade_attempt(attempt.id, now=now)
        pages = [*running, *(browser.get(f"{ward.page}{part}") for part in ("", "/now"))]
        worlds.append([of_any(page.text, faculty, ward) for page in pages])

    assert worlds[0] == worlds[1]
    assert "3 of 4" in worlds[0][-1]


def of_any(text: str, faculty: User, ward: Ward) -> str:
    """Return a page without what tells its world from the next: names of faculty, and numbers."""
    text = re.sub(MOMENTARY, "", text)
    for name in (faculty.name, *re.findall(r"Cohort \d+", text)):
        text = text.replace(name, "")
    return re.sub(r'(?<=/|-)\d+\b|data-tag="\w+"', "", text)
