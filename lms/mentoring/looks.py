"""Who has opened the report on a fellow: kept in the audit trail, and shown to that fellow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Select, select

from lms.core.audit import AuditEvent, record
from lms.core.clock import at, local
from lms.core.db import db, transaction
from lms.people.models import User

OPENED = "report.open"
"""How the audit trail calls it."""

SHOWN = 10
"""How many of the latest looks the fellow is shown."""


@dataclass(frozen=True)
class Look:
    """Who opened the report, and when first on that day of the reader's."""

    name: str
    at: datetime


def note_look(reader: User, fellow_id: int, *, now: datetime) -> None:
    """Note that *reader* has opened the report on a fellow, once for each day of the reader."""
    day = local(now, reader.time_zone).date()
    known = _looks(fellow_id).where(
        AuditEvent.actor_id == reader.id, AuditEvent.at >= at(day, time(), reader.time_zone)
    )
    if reader.id == fellow_id or db.session.scalar(known.limit(1)) is not None:
        return
    with transaction():
        record(reader, OPENED, "report", fellow_id, now=now)


def latest_looks(fellow_id: int) -> Sequence[Look]:
    """Return who opened the report on a fellow lately, the latest first; one statement."""
    rows = db.session.execute(
        _looks(fellow_id)
        .join(User, User.id == AuditEvent.actor_id)
        .with_only_columns(User.name, AuditEvent.at)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(SHOWN)
    )
    return [Look(*row) for row in rows]


def _looks(fellow_id: int) -> Select[int]:
    return select(AuditEvent.id).where(
        AuditEvent.object_type == "report",
        AuditEvent.object_id == fellow_id,
        AuditEvent.action == OPENED,
    )
