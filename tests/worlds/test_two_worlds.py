"""Who had double time, and who had not and began later: mentors and faculty get the same bytes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import unified_diff

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import local, utcnow, week_of
from lms.core.db import transaction
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.goals.settling import settle_goals
from lms.people.models import Role, User
from lms.supervision.reminding.services import remind
from tests.conftest import empty_all_tables
from tests.factories import ZONE, day_of
from tests.worlds.seeing import Eyes, mails
from tests.worlds.story import DAY, HOUR, MINUTE, OTHERS, SLOW, World, begin, make_world, take_all

MENTOR, FACULTY = "Dr. Eriksen", "Dr. Brandt"

BEGAN = {True: (50, 45, 40, 35, 29, 28), False: (20, 45, 40, 35, 29, 28)}
"""How many minutes ago each of the fellows began, the slow one first, by whether time is double."""

Seen = Mapping[str, object]

Began = Sequence[int]

Look = Callable[[World, datetime, Began], Seen]


@pytest.fixture
def both(app: Flask) -> Callable[[Look], tuple[Seen, Seen]]:
    """A function that looks at the same moments of both worlds, one after the other."""

    def looked(look: Look) -> tuple[Seen, Seen]:
        now = utcnow().replace(microsecond=0)
        seen = []
        for doubled in (True, False):
            with app.app_context():
                empty_all_tables()
                world = make_world(now, doubled=doubled)
                for title, ago in {"Twice rounds": 2 * DAY, "Shown rounds": 3 * DAY}.items():
                    take_all(world, title, now - ago, BEGAN[doubled])
            seen.append(look(world, now, BEGAN[doubled]))
        return seen[0], seen[1]

    return looked


@pytest.fixture
def eyes(app: Flask, signed_in: Callable[[User], FlaskClient]) -> Callable[[World, str], Eyes]:
    def of(world: World, name: str) -> Eyes:
        return Eyes(app, signed_in(world.people[name]), world)

    return of


def different(one: Seen, other: Seen) -> list[str]:
    """Return where two worlds differ, and how."""
    return [
        "\n".join([each, *_lines(one.get(each), other.get(each))])
        for each in sorted({*one, *other})
        if one.get(each) != other.get(each)
    ]


def _lines(*said: object) -> list[str]:
    split = (str(each).replace("\\n", "\n").splitlines() for each in said)
    return list(unified_diff(*split, lineterm="", n=0))[2:9]


def test_every_page_and_file_of_mentors_and_faculty_is_the_same_once_all_have_handed_in(
    app: Flask, both, eyes
) -> None:
    def look(world: World, now: datetime, began: Began) -> Seen:
        with app.app_context():
            take_all(world, "Fifth rounds", now, began)
            _settle(world, now)
        return {
            f"{name} {address}": page
            for name in (MENTOR, FACULTY)
            for address, page in eyes(world, name).pages().items()
        }

    one, other = both(look)

    assert different(one, other) == []
    fifth = "Dr. Brandt /assignments/1"
    assert "2: which first" in str(one[fifth]), "what was chosen as often stands in its order"
    assert "which fourth" in str(one[f"{fifth}/items.csv"])
    assert "which fourth" in str(one[f"{fifth}/items.xlsx"])
    assert "403 FORBIDDEN" in str(one[f"{fifth}/scores.csv"])
    assert "An unsafe choice" in str(one["Dr. Eriksen /fellows"])
    assert "0 in the bank are new" in str(one["Dr. Eriksen /fellows/4/short-quiz"])
    assert "Waits for a director" in str(one["Dr. Eriksen /short-quizzes/1"])
    goal = str(one["Dr. Eriksen /goals/1"])
    assert "12 of 20 answered, 0 right, 9 not counted yet" in goal, "the rest once nobody can begin"
    assert len(one) > 300


RUNNING = ("", "/now", "/extend", "/extend?fellow={slow}", "/dates", "/audience", "/items.csv")


def test_while_all_are_answering_the_pages_that_can_be_opened_of_it_are_the_same(
    app: Flask, both, eyes
) -> None:
    def look(world: World, now: datetime, began: Began) -> Seen:
        with app.app_context():
            for name, minutes in zip((SLOW, *OTHERS), began, strict=True):
                if minutes < 30 or name == SLOW:
                    begin(world, "Fifth rounds", name, now - minutes * MINUTE)
        slow = world.people[SLOW].id
        page = f"/assignments/{world.assignments['Fifth rounds']}"
        faculty = eyes(world, FACULTY).pages([page + each.format(slow=slow) for each in RUNNING])
        mentor = eyes(world, MENTOR).pages(["/home", "/fellows", f"/fellows/{slow}"])
        return {**faculty, **mentor}

    one, other = both(look)

    assert different(one, other) == []
    assert "Not in yet" in str(one["/assignments/1/now"])


def moment(at: datetime) -> str:
    """Return how a form shows a moment to faculty."""
    return local(at, ZONE).strftime("%Y-%m-%dT%H:%M")


def acts_of(world: World, now: datetime) -> Sequence[tuple[str, dict[str, object]]]:
    """Return what faculty press, one after another: at which address, and with what filled in."""
    slow = world.people[SLOW].id
    fifth, twice, shown, late, missed, coming = (
        f"/assignments/{each}" for each in world.assignments.values()
    )
    more = {"fellow_id": slow, "minutes": 10, "reason": "Power cut"}
    return [
        (f"{fifth}/extend", more),
        (f"{fifth}/extend", more),
        (f"{fifth}/extend", more | {"minutes": 601}),
        (f"{fifth}/extend", more | {"closes_at": moment(now + 20 * DAY)}),
        (f"{fifth}/extend", {"minutes": 15, "reason": "A fire alarm"}),
        (f"{coming}/extend", more),
        (f"{missed}/extend", more | {"minutes": 0, "closes_at": moment(now + DAY)}),
        (f"{twice}/extend", more | {"minutes": 0, "attempts": 1}),
        (f"{fifth}/dates", {"do": "ask", "closes_at": moment(now + 3 * DAY)}),
        (f"{fifth}/dates", {"do": "ask", "time_limit": 20, "reason": "Too long"}),
        (f"{fifth}/dates", {"do": "ask", "results_at": moment(now + 5 * DAY)}),
        (f"{late}/dates", {"do": "ask", "due_at": moment(now + DAY)}),
        (f"{shown}/dates", {"do": "ask", "results_at": moment(now + DAY), "reason": "Asked"}),
        (f"{coming}/dates", {"do": "ask", "time_limit": 20, "reason": "Too long"}),
        (f"{coming}/audience", {"whom": f"fellow {slow}"}),
        (f"{missed}/audience", {"whom": f"fellow {slow}"}),
        (f"{late}/withdraw", {}),
    ]


def test_what_faculty_change_answers_the_same_and_tells_mentors_and_faculty_the_same(
    app: Flask, both, eyes
) -> None:
    def look(world: World, now: datetime, began: Began) -> Seen:
        with app.app_context():
            begin(world, "Fifth rounds", SLOW, now - began[0] * MINUTE)
            _tell(world, now)
        faculty = eyes(world, FACULTY)
        answers = {
            f"{number} {address} {said}": faculty.sends(address, **said)
            for number, (address, said) in enumerate(acts_of(world, now))
        }
        with app.app_context():
            take_all(world, "Coming rounds", now + 2 * DAY, began)
            for later in (HOUR, DAY, 2 * DAY, 4 * DAY, 9 * DAY):
                _tell(world, now + later)
            told = {f"mail {number}": each for number, each in enumerate(mails(_STAFF))}
        return {**answers, **told}

    one, other = both(look)

    assert different(one, other) == []
    said = [str(each) for each in one.values()]
    assert sum("It is granted, and whom it concerns is told." in each for each in said) >= 4
    assert any("The change is made, and whom it concerns is told." in each for each in said)
    assert any("to be marked" in each for each in said), "faculty are told that essays wait"
    assert any(each.startswith("3 digest") for each in said)
    assert sum("The goal of Dr. Okafor is met" in each for each in said) == 1


_STAFF = (Role.MENTOR, Role.FACULTY)


def _tell(world: World, now: datetime) -> None:
    """Have everybody told what is to be told now."""
    with transaction():
        remind(now=now)
    _settle(world, now)
    with transaction():
        week = week_of(day_of(now) - timedelta(days=1))
        compose_digest(world.people[MENTOR].id, week, now=now)


def _settle(world: World, now: datetime) -> None:
    with transaction():
        settle_goals(world.people[SLOW].id, now=now)
