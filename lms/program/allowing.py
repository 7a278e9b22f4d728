"""Rows of accommodation and leave; who changes an accommodation also sets the clocks that run."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

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

    The audit says neither how much nor why: that is for the fellow and directors. What is there
    already, to the word, is not noted again.

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
    said = {
        "fellow_id": fellow_id,
        "percent": percent,
        "days": days,
        "reason": reason.strip(),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    present = db.session.scalar(select(Accommodation).filter_by(**said).limit(1))
    if present is not None:
        return present
    row = Accommodation(**said, granted_by=actor.id, granted_at=now)
    db.session.add(row)
    db.session.flush()
    record(actor, "accommodation.grant", "accommodation", row.id, now=now)
    return row


def end_accommodation(actor: User, row: Accommodation, today: date, *, now: datetime) -> None:
    """Let an accommodation hold today for the last time; one that has not begun is forgotten."""
    if row.ends_on is not None and row.ends_on <= today:
        return
    if row.starts_on > today:
        db.session.delete(row)
    else:
        row.ends_on = today
    db.session.flush()
    record(actor, "accommodation.end", "accommodation", row.id, now=now)


def add_leave(
    actor: User, fellow_id: int, *, starts_on: date, ends_on: date, now: datetime
) -> Leave:
    """Note that a fellow is away from one day to another, both included.

    What is there already is not noted again.

    Raises:
        Invalid: the days are in the wrong order.
    """
    _check_order(starts_on, ends_on)
    said = {"fellow_id": fellow_id, "starts_on": starts_on, "ends_on": ends_on}
    present = db.session.scalar(select(Leave).filter_by(**said).limit(1))
    if present is not None:
        return present
    row = Leave(**said)
    db.session.add(row)
    db.session.flush()
    record(actor, "leave.add", "leave", row.id, now=now)
    return row


def end_leave(actor: User, row: Leave, today: date, *, now: datetime) -> None:
    """Let a leave end with yesterday: the fellow is back. One that has not begun is forgotten."""
    if row.ends_on < today:
        return
    if row.starts_on >= today:
        db.session.delete(row)
    else:
        row.ends_on = today - timedelta(days=1)
    db.session.flush()
    record(actor, "leave.end", "leave", row.id, now=now)


def _check_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The last day is not before the first.", field="ends_on")
