"""Rows for tests, with sensible values; everything is flushed, the test opens the transaction."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TypeVar

from lms.core.clock import local
from lms.core.db import Base, db
from lms.people.models import Role, User, UserRole
from lms.program.models import Cohort, Membership, Mentorship, Track

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
"""A Wednesday; the week that ended before it is 2026-W47."""


ZONE = "America/New_York"
"""Where the people of these rows live, but for those of whom a test says otherwise."""

Row = TypeVar("Row", bound=Base)


_serial = count(1)


def day_of(moment: datetime) -> date:
    """Return the day that *moment* is on where these people live.

    In the evening there, UTC is in the next day.
    """
    return local(moment, ZONE).date()


def add(row: Row) -> Row:
    """Add and flush *row*."""
    db.session.add(row)
    db.session.flush()
    return row


def make_user(*roles: Role, name: str = "", email: str = "", time_zone: str = ZONE) -> User:
    """Return an active person who holds *roles*."""
    number = next(_serial)
    return add(
        User(
            email=email or f"person{number}@example.org",
            name=name or f"Dr. Person {number}",
            time_zone=time_zone,
            password_hash=None,
            created_at=NOW - timedelta(days=200),
            role_rows=[UserRole(role=role) for role in roles],
        )
    )


def make_fellow(name: str = "") -> User:
    """Return a fellow who is in no cohort yet."""
    return make_user(Role.FELLOW, name=name)


def make_track(slug: str = "ipm") -> Track:
    """Return the track with *slug*, made if there is none."""
    track = db.session.scalar(db.select(Track).where(Track.slug == slug))
    return track or add(Track(slug=slug, name=f"Track {slug}"))


def make_cohort(*fellows: User, track: str = "ipm", name: str = "") -> Cohort:
    """Return a cohort of this academic year with *fellows* in it."""
    cohort = add(
        Cohort(
            track_id=make_track(track).id,
            name=name or f"Cohort {next(_serial)}",
            starts_on=date(2026, 7, 1),
            ends_on=date(2027, 6, 30),
        )
    )
    for fellow in fellows:
        add(Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=date(2026, 7, 1)))
    return cohort


def make_mentorship(mentor: User, fellow: User, *, ends_on: date | None = None) -> Mentorship:
    """Return that *mentor* looks after *fellow* since the start of the academic year."""
    return add(
        Mentorship(
            mentor_id=mentor.id, fellow_id=fellow.id, starts_on=date(2026, 7, 1), ends_on=ends_on
        )
    )
