"""Who did what to what, in the same transaction as the deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy import ForeignKey, Index, insert
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, db


class AuditEvent(Base):
    """One deed. `actor_id` is None where the service itself acted (a sweep, a command)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_object", "object_type", "object_id"),
        Index("ix_audit_event_at_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    request_id: Mapped[str | None]


class Actor(Protocol):
    """A person who does something."""

    @property
    def id(self) -> int:
        """The person's id."""


@dataclass(frozen=True)
class Deed:
    """An action ("quiz.assign") on an object, and what it changed."""

    action: str
    object_type: str
    object_id: int | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def record(
    actor: Actor | None,
    action: str,
    object_type: str,
    object_id: int | None,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record that *actor* did *action* ("quiz.assign") to an object, and what it changed.

    None: no person did; the service itself (a sweep, a command), or nobody who may be named.
    """
    deed = Deed(action, object_type, object_id, before, after)
    db.session.add(AuditEvent(**_row(actor, deed, now)))


def record_all(actor: Actor | None, deeds: Sequence[Deed], *, now: datetime) -> None:
    """Record that *actor* did *deeds*, in that order, as `record` does, in one statement."""
    if deeds:
        db.session.execute(insert(AuditEvent), [_row(actor, deed, now) for deed in deeds])


def _row(actor: Actor | None, deed: Deed, now: datetime) -> dict[str, Any]:
    context = structlog.contextvars.get_contextvars()
    return {
        "at": now,
        "actor_id": None if actor is None else actor.id,
        "action": deed.action,
        "object_type": deed.object_type,
        "object_id": deed.object_id,
        "before": deed.before,
        "after": deed.after,
        "request_id": context.get("request_id") or context.get("task_id"),
    }
