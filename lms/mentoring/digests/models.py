"""The weekly digest to a mentor."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.core.mail import Message


class Digest(Base):
    """What a mentor was told about an ISO week.

    The period starts where the last *sent* digest ended, so that nothing falls between two.
    `said` is a snapshot of the facts in the mail.
    """

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("mentor_id", "week"),
        CheckConstraint("starts_at < ends_at", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    week: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    said: Mapped[dict[str, Any]]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), unique=True)
    composed_at: Mapped[datetime]

    message: Mapped[Message] = relationship(lazy="raise_on_sql")
