"""Reading what a fellow is allowed, and when the fellow is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from lms.attempts.standings import standings
from lms.core.db import db
from lms.core.errors import NotFound
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.models import Accommodation, Leave
from question_bank.standing import Standing


@dataclass(frozen=True)
class Allowed:
    """An accommodation, and the name of who gave it."""

    row: Accommodation
    by: str


def fellow_by_id(fellow_id: int) -> User:
    """Return a person who is a fellow.

    Raises:
        NotFound: there is no such fellow.
    """
    fellow = user_by_id(fellow_id)
    if Role.FELLOW not in fellow.roles:
        raise NotFound("There is no such fellow.")
    return fellow


def allowed(fellow_id: int) -> list[Allowed]:
    """Return all that a fellow is or was allowed, the newest first."""
    rows = db.session.execute(
        select(Accommodation, User.name)
        .join(User, User.id == Accommodation.granted_by)
        .where(Accommodation.fellow_id == fellow_id)
        .order_by(Accommodation.starts_on.desc(), Accommodation.id.desc())
    )
    return [Allowed(*row) for row in rows]


def allowed_on(fellow_id: int, day: date) -> Sequence[Accommodation]:
    """Return what a fellow is allowed on *day*, or from a later one on."""
    lasts = or_(Accommodation.ends_on.is_(None), Accommodation.ends_on >= day)
    return db.session.scalars(
        select(Accommodation)
        .where(Accommodation.fellow_id == fellow_id, lasts)
        .order_by(Accommodation.starts_on, Accommodation.id)
    ).all()


def leaves(fellow_id: int) -> Sequence[Leave]:
    """Return when a fellow is or was away, the newest first."""
    return db.session.scalars(
        select(Leave)
        .where(Leave.fellow_id == fellow_id)
        .order_by(Leave.starts_on.desc(), Leave.id.desc())
    ).all()


def held_back(fellow_id: int, now: datetime) -> list[Standing]:
    """Return what can still be taken, and closes for the fellow early as results are shown then."""
    found = standings([fellow_id], now, ahead=True)
    terms = [(each, each.assignment.terms) for each in found]
    return [each for each, own in terms if own.held_back and now < own.closes]
