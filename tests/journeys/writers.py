"""A small program of people who write, review, publish and answer; its bank is empty."""

from datetime import datetime, timedelta
from typing import Any

from lms.cases.knowledge import keep_lists
from lms.core.db import db, transaction
from lms.people.models import Role, User
from lms.program import services as program
from lms.program.blueprint import blueprint
from lms.program.models import Track
from lms.program.services import ensure_tracks
from tests.factories import make_user

NAMES = {
    "author": "Dr. Ada Brandt",
    "colleague": "Dr. Victor Salonen",
    "reviewer": "Dr. Leonora Hart",
    "director": "Dr. Ida Roth",
    "fellow": "Dr. Noor Haddad",
    "mate": "Dr. Mei Tanaka",
}
"""Everybody, by what they are here for. The reviewer is a clinician."""

ROLES = {"director": Role.DIRECTOR, "fellow": Role.FELLOW, "mate": Role.FELLOW}

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
            starts_on=(now - 100 * day).date(),
            ends_on=(now + 200 * day).date(),
            now=now,
        )
        for who in ("fellow", "mate"):
            fellow = people[who]
            program.add_member(
                people["director"], cohort.id, fellow.id, starts_on=cohort.starts_on, now=now
            )
    return "", {"cohort": cohort.id}


def _person(who: str) -> User:
    return make_user(ROLES.get(who, Role.FACULTY), name=NAMES[who], email=WRITERS[who])
