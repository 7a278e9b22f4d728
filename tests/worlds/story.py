"""The same weeks of a program twice: one fellow had more time, or had not and began later.

Both are built over an empty database, with the same numbers, names and moments.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lms.attempts import services as attempts
from lms.attempts.models import Attempt, Response
from lms.core.db import db, transaction
from lms.grading.services import grade_attempt
from lms.mentoring.goals import services as goals
from lms.mentoring.goals.wishes import GoalWish
from lms.people.models import Role, User
from lms.program.blueprint import blueprint
from lms.program.services import ensure_tracks
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.supervision import services as acts
from question_bank.goals import Measure
from question_bank.terms import Feedback
from tests.attempts.factories import case_body, choice_item, number_item, store_case
from tests.attempts.kinds import essay_item, menu_item
from tests.factories import day_of, make_cohort, make_mentorship, make_user
from tests.mentoring.wishing.factories import make_waiting_wish

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SLOW = "Dr. Okafor"
"""Who has double time in one of the worlds."""

OTHERS = ("Dr. Adeyemi", "Dr. Costa", "Dr. Diallo", "Dr. Eklund", "Dr. Farah")

CHOICES = (2, 0, 3, 0, 2, 3)
"""What each of them chose in the first item, the slow one first: which two are as many."""


@dataclass(frozen=True)
class World:
    """A program in which somebody has double time, or nobody."""

    now: datetime
    people: dict[str, User]
    assignments: dict[str, int]
    quizzes: dict[str, int]
    cohort_id: int
    attempts: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> User:
        """Return somebody, read afresh."""
        return db.session.get_one(User, self.people[name].id, populate_existing=True)


def make_world(now: datetime, *, doubled: bool) -> World:
    """Return the program before the fellows have taken what opened last."""
    with transaction():
        ensure_tracks(blueprint())
        people = {
            name: make_user(role, name=name, email=f"{name[4:].lower()}@example.org")
            for role, names in (
                (Role.DIRECTOR, ["Dr. Roth"]),
                (Role.FACULTY, ["Dr. Brandt"]),
                (Role.MENTOR, ["Dr. Eriksen"]),
                (Role.FELLOW, [SLOW, *OTHERS]),
            )
            for name in names
        }
        fellows = [people[name] for name in (SLOW, *OTHERS)]
        cohort = make_cohort(*fellows, name="Class of 2027")
        for fellow in fellows[:3]:
            make_mentorship(people["Dr. Eriksen"], fellow)
        if doubled:
            acts.accommodate(
                people["Dr. Roth"], fellows[0].id, percent=200, days=4, reason="Certified",
                starts_on=day_of(now - 60 * DAY), now=now - 30 * DAY,
            )  # fmt: skip
        _agree_on_goal(people["Dr. Eriksen"], fellows[0], now - 10 * DAY)
        make_waiting_wish(people["Dr. Eriksen"], fellows[0], now=now - 5 * DAY)
    given = {
        title: _give(people["Dr. Brandt"], cohort.id, title, terms, now)
        for title, terms in {
            "Fifth rounds": _terms(now - DAY, 2 * DAY),
            "Twice rounds": _terms(now - 9 * DAY, 9 * DAY - HOUR, attempts_allowed=2),
            "Shown rounds": _terms(now - 9 * DAY, 9 * DAY - HOUR, feedback=Feedback.CLOSED),
            "Late rounds": _terms(now - 9 * DAY, 8 * DAY, stays=3 * DAY),
            "Missed rounds": _terms(now - 9 * DAY, 8 * DAY),
            "Coming rounds": _terms(now + DAY, 8 * DAY),
        }.items()
    }
    return World(
        now,
        people,
        {title: assignment_id for title, (assignment_id, _) in given.items()},
        {title: quiz_id for title, (_, quiz_id) in given.items()},
        cohort.id,
    )


def _agree_on_goal(mentor: User, fellow: User, at: datetime) -> None:
    """Have both agree on what "Twice rounds" will meet, once its answers may be counted."""
    wish = GoalWish(
        "Prescribe opioids safely.",
        Measure(20, 1, topic="pharm-opioid-prescribing"),
        day_of(at + 70 * DAY),
    )
    goal = goals.propose_goal(mentor, fellow, wish, now=at)
    goals.agree(fellow, goal.id, now=at)


def _terms(
    opens_at: datetime, lasts: timedelta, *, stays: timedelta = timedelta(), **more: Any
) -> AssignmentTerms:
    closes_at = opens_at + lasts + stays
    return AssignmentTerms(
        opens_at=opens_at,
        due_at=opens_at + lasts,
        closes_at=closes_at,
        results_at=closes_at + 6 * DAY,
        time_limit=30,
        **more,
    )


def _give(
    faculty: User, cohort_id: int, title: str, terms: AssignmentTerms, now: datetime
) -> tuple[int, int]:
    slug = title.partition(" ")[0].lower()
    at = min(terms.opens_at, now) - HOUR
    with transaction():
        items = (choice_item("which"), menu_item("orders"), number_item("dose"), essay_item("say"))
        case = store_case(case_body(*items, slug=slug))
        quiz = quizzes.create_quiz(faculty, title=title, now=at)
        arranging.add_case(faculty, quiz.id, case.id, now=at)
        given = assign(faculty, quiz.id, cohort_id=cohort_id, terms=terms, now=at)
        return given.id, quiz.id


def take_all(world: World, title: str, now: datetime, began: Sequence[int]) -> None:
    """Have the fellows take a quiz, each begun so many minutes before *now*.

    The slow one first. All answer within the last ten minutes, and hand in one after another.
    """
    names = (SLOW, *OTHERS)
    for minutes, name in sorted(zip(began, names, strict=False), reverse=True):
        begin(world, title, name, now - minutes * MINUTE)
    for place, name in enumerate(names[: len(began)]):
        hand_in(world, title, name, now - (9 - place) * MINUTE, chosen=CHOICES[place])


def begin(world: World, title: str, name: str, at: datetime) -> None:
    """Have a fellow begin a quiz."""
    with transaction():
        fellow, given = world.person(name), world.assignments[title]
        attempt = attempts.start_attempt(fellow, given, now=at, seed=1)
        world.attempts[f"{title} {name}"] = attempt.id


def hand_in(world: World, title: str, name: str, at: datetime, *, chosen: int) -> None:
    """Have a fellow answer what was begun, hand it in, and grade it."""
    attempt_id = world.attempts[f"{title} {name}"]
    dose = "100" if title == "Twice rounds" else "60"  # the right one, or else a mistake
    answers = ({"chosen": chosen}, {"chosen": [0, 5]}, {"value": dose}, {"text": f"{name} waits."})
    with transaction():
        rows = db.session.scalars(
            db.select(Response).where(Response.attempt_id == attempt_id).order_by(Response.position)
        ).all()
        for row, answer in zip(rows, answers, strict=True):
            row.answer, row.saved_at, row.given_at = answer, at, at
    with transaction():
        attempts.submit_attempt(world.person(name), attempt_id, now=at)
    with transaction():
        grade_attempt(attempt_id, now=at + MINUTE / 2)


def newest_attempt(world: World, title: str, name: str) -> Attempt:
    """Return an attempt, read afresh."""
    return db.session.get_one(Attempt, world.attempts[f"{title} {name}"], populate_existing=True)
