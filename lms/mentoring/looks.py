"""Who has opened the report on a fellow: kept in the audit trail, and shown to that fellow."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Select, select

from lms.core.audit import AuditEvent, record
from lms.core.clock import at, local
from lms.core.db import db, transaction
from lms.core.paging import Page, page_in
from lms.people.models import User

OPENED = "report.open"
"""How the audit trail calls it."""

PAGE = 10
"""How many looks a page lists."""


@dataclass(frozen=True)
class Look:
    """Who opened the report, and when first on that day of the fellow's."""

    name: str
    at: datetime


def note_look(reader: User, fellow_id: int, *, now: datetime) -> None:
    """Note that *reader* has opened the report on a fellow, once for each day of the reader.

    Two loads at the same moment may both be noted; they are shown as one.
    """
    day = local(now, reader.time_zone).date()
    known = _looks(fellow_id).where(
        AuditEvent.actor_id == reader.id, AuditEvent.at >= at(day, time(), reader.time_zone)
    )
    if reader.id == fellow_id or db.session.scalar(known.limit(1)) is not None:
        return
    with transaction():
        record(reader, "report.open", "report", fellow_id, now=now)


def looks_at(fellow: User, page: int) -> Page[Look]:
    """Return a page of who opened the report on a fellow, the latest first; one statement.

    Everybody is named once for each day of the fellow's.
    """
    rows = db.session.execute(
        _looks(fellow.id)
        .join(User, User.id == AuditEvent.actor_id)
        .with_only_columns(User.id, User.name, AuditEvent.at)
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    first: dict[tuple[object, int], Look] = {}
    for reader_id, name, seen_at in rows:
        day = local(seen_at, fellow.time_zone).date()
        first.setdefault((day, reader_id), Look(name, seen_at))
    return page_in([*reversed(first.values())], page, size=PAGE)


def _looks(fellow_id: int) -> Select[int]:
    return select(AuditEvent.id).where(
        AuditEvent.object_type == "report",
        AuditEvent.object_id == fellow_id,
        AuditEvent.action == OPENED,
    )
