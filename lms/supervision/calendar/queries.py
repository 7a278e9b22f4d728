"""Reading a fellow's calendar: whose it is, and what is in it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.attempts.standings import standings
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.links import link_with
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.supervision.calendar.models import CalendarLink
from question_bank.standing import Standing

KEPT = timedelta(days=90)
"""For how long after its closing a quiz stays in a calendar."""


def link_of(fellow_id: int) -> CalendarLink | None:
    """Return the address at which the fellow's calendar is read; None: none was made."""
    return db.session.get(CalendarLink, fellow_id)


def reader_of(secret: str) -> User:
    """Return the fellow whose calendar is read at the address that ends in *secret*.

    Raises:
        NotFound: there is no such address, or nobody who is a fellow has it any more.
    """
    link = link_with(secret, select(CalendarLink), number=CalendarLink.fellow_id)
    if link is None:
        raise NotFound
    fellow = user_by_id(link.fellow_id)
    if fellow.disabled_at is not None or Role.FELLOW not in fellow.roles:
        raise NotFound
    return fellow


def in_calendar(fellow: User, now: datetime) -> list[Standing]:
    """Return what is, was lately or will be asked of the fellow, by due date."""
    found = standings([fellow.id], now, told_to=fellow.id, ahead=True)
    return [each for each in found if now < each.closes + KEPT]


def quiz_in_calendar(fellow: User, assignment_id: int, now: datetime) -> Standing:
    """Return how the fellow stands with one assignment.

    Raises:
        NotFound: it is not one of the fellow's.
    """
    found = standings([fellow.id], now, told_to=fellow.id, ahead=True)
    own = next((each for each in found if each.assignment.id == assignment_id), None)
    if own is None:
        raise NotFound
    return own
