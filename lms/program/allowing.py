"""Rows of accommodation and leave; who changes an accommodation also sets the clocks that run."""

from datetime import date, datetime

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid
from lms.people.models import User
from lms.program.models import Accommodation, Leave

LEAST, MOST = 125, 300
"""By how many percent a limit may be multiplied."""

MOST_DAYS = 30


def add_accommodation(
    actor: User,
    fellow_id: int,
    *,
    percent: int | None,
    days: int,
    reason: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> Accommodation:
    """Note that a fellow has more time; *percent* None: without a limit.

    The audit says neither how much nor why: that is for the fellow and directors.

    Raises:
        Invalid: no reason, an amount out of range, or days in the wrong order.
    """
    if percent is not None and not LEAST <= percent <= MOST:
        raise Invalid("The time is multiplied by 1.25 to 3.", field="percent")
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(f"A window is widened by 0 to {MOST_DAYS} days.", field="days")
    if not reason.strip():
        raise Invalid("Say why, for the fellow and directors.", field="reason")
    _check_order(starts_on, ends_on)
    row = Accommodation(
        fellow_id=fellow_id,
        percent=percent,
        days=days,
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=actor.id,
        granted_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "accommodation.grant", "accommodation", row.id, now=now)
    return row


def add_leave(
    actor: User, fellow_id: int, *, starts_on: date, ends_on: date, now: datetime
) -> Leave:
    """Note that a fellow is away from one day to another, both included.

    Raises:
        Invalid: the days are in the wrong order.
    """
    _check_order(starts_on, ends_on)
    row = Leave(fellow_id=fellow_id, starts_on=starts_on, ends_on=ends_on)
    db.session.add(row)
    db.session.flush()
    record(actor, "leave.add", "leave", row.id, now=now)
    return row


def _check_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The last day is not before the first.", field="ends_on")
