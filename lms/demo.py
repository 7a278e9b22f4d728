"""A demonstration program: two cohorts, their mentors, and some weeks of quizzes already taken.

All people are invented. It goes through the same services as the web, at moments in the past.
"""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.attempts import services as attempts
from lms.attempts.models import Response
from lms.cases import queries as bank
from lms.core.clock import at, local
from lms.core.db import db
from lms.demo_answers import demo_answer
from lms.grading import services
from lms.people.models import Role, User, UserRole
from lms.program import services as program
from lms.program.blueprint import blueprint
from lms.program.models import Cohort, Track
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.quizzes.models import Assignment
from lms.quizzes.terms import published
from lms.signin.passwords import hash_password
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from lms.taking.shown_order import as_shown

ZONE = "America/New_York"
FIVE = time(17)
"""When quizzes are due and close."""

APPROACHES = tuple(approach.id for approach in blueprint().approaches)


@dataclass(frozen=True)
class Person:
    """Somebody in the demonstration; `skill` is a fellow's chance to be right, by approach."""

    name: str
    email: str
    roles: tuple[Role, ...]
    track: str = ""
    skill: tuple[float, float, float, float] = (0.75, 0.75, 0.75, 0.75)


DIRECTOR = Person("Dr. Ines Kowalczyk", "director@demo.example", (Role.DIRECTOR,))
FACULTY = Person("Dr. Samuel Adeyemi", "faculty@demo.example", (Role.FACULTY,))
MENTORS = (
    Person("Dr. Leonora Hart", "mentor@demo.example", (Role.MENTOR,)),
    Person("Dr. Victor Salonen", "mentor2@demo.example", (Role.MENTOR, Role.FACULTY)),
)
FELLOWS = (
    Person("Dr. Amina Diallo", "fellow@demo.example", (Role.FELLOW,), "ipm", (0.8, 0.35, 0.7, 0.8)),
    Person("Dr. Jonas Petrov", "fellow2@demo.example", (Role.FELLOW,), "ipm", (0.9, 0.8, 0.8, 0.7)),
    Person("Dr. Mei Tanaka", "fellow3@demo.example", (Role.FELLOW,), "ipm", (0.7, 0.85, 0.6, 0.8)),
    Person("Dr. Rosa Marín", "fellow4@demo.example", (Role.FELLOW,), "fm", (0.85, 0.7, 0.9, 0.9)),
    Person("Dr. Caleb Osei", "fellow5@demo.example", (Role.FELLOW,), "fm", (0.75, 0.6, 0.8, 0.4)),
)
ROUNDS = (
    ("First rounds", 100),
    ("Second rounds", 72),
    ("Third rounds", 46),
    ("Fourth rounds", 24),
    ("Fifth rounds", 6),
)
"""Title, and how many days ago the quiz opened."""

PAIRS = ((0, 0), (0, 1), (0, 2), (1, 3), (1, 4))
"""Which mentor looks after which fellow."""


def load(now: datetime) -> list[str]:
    """Fill an empty program, and return one line for each way to sign in."""
    password = secrets.token_urlsafe(9)
    kept = hash_password(password)
    since = now - timedelta(days=150)
    people = {p.email: _person(p, kept, since) for p in (DIRECTOR, FACULTY, *MENTORS, *FELLOWS)}
    director = people[DIRECTOR.email]
    cohorts = {slug: _cohort(director, slug, since, now) for slug in ("ipm", "fm")}
    for fellow in FELLOWS:
        cohort, user = cohorts[fellow.track], people[fellow.email]
        program.add_member(director, cohort.id, user.id, starts_on=cohort.starts_on, now=now)
    for mentor, fellow_number in PAIRS:
        program.start_mentorship(
            director,
            mentor_id=people[MENTORS[mentor].email].id,
            fellow_id=people[FELLOWS[fellow_number].email].id,
            starts_on=since.date(),
            now=now,
        )
    for slug, cohort in cohorts.items():
        mates = [(fellow, people[fellow.email]) for fellow in FELLOWS if fellow.track == slug]
        _history(people[FACULTY.email], cohort, mates, now)
    return [f"{', '.join(p.roles):17} {p.email:22} {password}" for p in _shown()]


def _shown() -> tuple[Person, ...]:
    return (DIRECTOR, FACULTY, MENTORS[0], FELLOWS[0], FELLOWS[3])


def _person(person: Person, password_hash: str, since: datetime) -> User:
    user = User(
        email=person.email,
        name=person.name,
        time_zone=ZONE,
        password_hash=password_hash,
        created_at=since,
        role_rows=[UserRole(role=role) for role in person.roles],
    )
    db.session.add(user)
    db.session.flush()
    return user


def _cohort(director: User, slug: str, since: datetime, now: datetime) -> Cohort:
    track = db.session.scalars(select(Track).where(Track.slug == slug)).one()
    years = f"{since:%Y}–{(since + timedelta(days=365)):%y}"
    return program.create_cohort(
        director,
        track_id=track.id,
        name=f"{'Interventional' if slug == 'ipm' else 'Family Medicine'} {years}",
        starts_on=since.date(),
        ends_on=(since + timedelta(days=364)).date(),
        now=now,
    )


def _history(
    faculty: User, cohort: Cohort, mates: list[tuple[Person, User]], now: datetime
) -> None:
    """Assign the rounds of the past months; each fellow took all but the newest one."""
    for title, days in ROUNDS:
        opened = now - timedelta(days=days)
        given = _assign(faculty, cohort, title, opened)
        if published(given).due_at > now:
            continue
        for person, fellow in mates:
            skipped = title == "Fourth rounds" and person in (FELLOWS[0], FELLOWS[4])
            if not skipped:
                _take(person, fellow, given, opened + timedelta(days=2, hours=3))


def _assign(faculty: User, cohort: Cohort, title: str, opened: datetime) -> Assignment:
    quiz = quizzes.create_quiz(faculty, title=title, now=opened)
    quizzes.fill_by_blueprint(
        faculty, quiz.id, cohort_id=cohort.id, items=24, now=opened, seed=quiz.id
    )
    day = local(opened, ZONE).date()
    terms = AssignmentTerms(
        opens_at=opened,
        due_at=at(day + timedelta(days=10), FIVE, ZONE),
        closes_at=at(day + timedelta(days=30), FIVE, ZONE),
        time_limit=40,
    )
    return assign(faculty, quiz.id, cohort_id=cohort.id, terms=terms, now=opened)


def _take(person: Person, fellow: User, given: Assignment, now: datetime) -> None:
    chance = random.Random(f"{person.email} {given.id}")  # noqa: S311
    attempt = attempts.start_attempt(fellow, given.id, now=now, seed=chance.getrandbits(31))
    places = db.session.scalars(
        select(Response)
        .where(Response.attempt_id == attempt.id)
        .options(joinedload(Response.item), joinedload(Response.version))
        .order_by(Response.position)
    ).all()
    before = places[0]
    for place in places:
        item = bank.item_of(bank.parsed(place.version), place.item.key)
        right = chance.random() < person.skill[APPROACHES.index(place.approach)]
        answer = as_shown(demo_answer(item, right=right, chance=chance), place.order)
        now += timedelta(seconds=chance.randint(30, 80))
        if place.stage and place.stage != before.stage:
            saving.lock_stage(fellow, attempt.id, before.position, now=now)
        before = place
        packet = Packet("demo", place.position, now, ShownAnswer(answer))
        saving.save_response(fellow, attempt.id, place.position, packet)
    attempts.submit_attempt(fellow, attempt.id, now=now)
    services.grade_attempt(attempt.id, now=now + timedelta(seconds=1))
