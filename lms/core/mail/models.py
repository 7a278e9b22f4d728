"""What is kept of a message."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, text_enum


class MailState(StrEnum):
    """Where a message is on its way; the order of the members is the way."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    HANDING_OVER = "handing_over"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class Message(Base):
    """One message to one person, complete but for its secrets when it was written.

    `outside`: the person has no account, only an `address`. `key` is built from the facts the
    message states: what is said once is sent once. `raw` never changes, so that every try
    carries the same Message-ID and Date; `places` says which secrets stand where once it leaves.
    `link_in_clear`: the first edition wrote it, and its link still stands in `raw`.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent"),
        CheckConstraint("tries >= 0", "tries"),
        CheckConstraint("outside = (recipient_id IS NULL)", "outside"),
        Index("ix_message_due", "state", "next_try_at"),
        Index(
            "ix_message_link_in_clear",
            "kind",
            sqlite_where=text("link_in_clear"),
            postgresql_where=text("link_in_clear"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    outside: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str]
    subject: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    places: Mapped[dict[str, Any]] = mapped_column(default=dict)
    link_in_clear: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MailState] = mapped_column(text_enum(MailState), default=MailState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    reply: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
