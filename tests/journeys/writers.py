"""A small program of people who write, review, publish and answer; its bank is empty."""

from datetime import datetime, timedelta
from typing import Any

from lms.authoring.drafts import starting
from lms.authoring.drafts.services import save
from lms.cases.knowledge import keep_lists
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.program import services as program
from lms.program.blueprint import blueprint
from lms.program.models import Track
from lms.program.services import ensure_tracks
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as assembling
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms
from question_bank.case import parse_case
from question_bank.drafts.opening import draft_of
from tests.attempts.factories import case_body, choice_item
from tests.cases.texts import load, stored
from tests.factories import day_of, make_mentorship, make_user

NAMES = {
    "author": "Dr. Ada Brandt",
    "colleague": "Dr. Victor Salonen",
    "reviewer": "Dr. Leonora Hart",
    "director": "Dr. Ida Roth",
    "fellow": "Dr. Noor Haddad",
    "mate": "Dr. Mei Tanaka",
    "late": "Dr. Caleb Osei",
    "mentor": "Dr. Sofia Reyes",
}
"""Everybody, by what they are here for. The reviewer is a clinician, and the mentor mate’s."""

ROLES = {
    "director": Role.DIRECTOR,
    "fellow": Role.FELLOW,
    "mate": Role.FELLOW,
    "late": Role.FELLOW,
    "mentor": Role.MENTOR,
}

WRITERS = {who: f"{who}@example.org" for who in NAMES}


def fill(now: datetime) -> tuple[str, dict[str, Any]]:
    """Fill an empty database with these people, the fellows in one cohort."""
    with transaction():
        ensure_tracks(blueprint())
        keep_lists(now=now)
        people = {who: _person(who) for who in NAMES}
        people["reviewer"].clinician = True
        day = timedelta(days=1)
        cohort = program.create_cohort(
            people["director"],
            track_id=db.session.scalars(db.select(Track.id).where(Track.slug == "ipm")).one(),
            name="Class of the year",
            starts_on=day_of(now - 100 * day),
            ends_on=day_of(now + 200 * day),
            now=now,
        )
        for who in ("fellow", "mate", "late"):
            fellow = people[who]
            program.add_member(
                people["director"], cohort.id, fellow.id, starts_on=cohort.starts_on, now=now
            )
        make_mentorship(people["mentor"], people["mate"])
    return "", {"cohort": cohort.id, "mate": people["mate"].id}


def write(owner: User, now: datetime, *items: dict[str, Any], slug: str, **changes: Any) -> int:
    """Have *owner* write a draft of a whole case, of one item unless told; return its id."""
    body = draft_of(parse_case(case_body(*(items or (choice_item(),)), slug=slug) | changes))
    with transaction():
        draft = starting.blank(owner, now=now)
        return save(owner, draft.id, body, from_revision=0, tab="desk", now=now).draft.id


def give(case: tuple[str, str], by: User, cohort_id: int, now: datetime) -> int:
    """Publish the case of a file and assign it to a cohort; return the assignment's id."""
    load(case, now=now)
    slug = case[0].removesuffix(".yaml")
    with transaction():
        quiz = assembling.create_quiz(by, title=f"A quiz of {slug}", now=now)
        arranging.add_case(by, quiz.id, stored(slug).id, now=now)
        week = timedelta(days=7)
        terms = AssignmentTerms(
            opens_at=now - week, due_at=now + week, closes_at=now + week, time_limit=60
        )
        return assigning.assign(by, quiz.id, cohort_id=cohort_id, terms=terms, now=now).id


def _person(who: str) -> User:
    return make_user(ROLES.get(who, Role.FACULTY), name=NAMES[who], email=WRITERS[who])
