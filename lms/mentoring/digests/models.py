"""The weekly digest to a mentor."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.core.mail import Message


class Digest(Base):
    """What a mentor was told about an ISO week, or up to a day, as `rhythms` says.

    The period starts where the last *sent* digest ended, so that nothing falls between two.
    `said` is a snapshot of the facts in the mail. One that is not `for_all` speaks of those in need
    alone, in a week that the mentor's rhythm leaves out, or not of those with whom a deputy stands
    in.
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
    for_all: Mapped[bool] = mapped_column(default=True)

    message: Mapped[Message] = relationship(lazy="raise_on_sql")


class ChosenRhythm(Base):
    """When and how often a mentor wants the digest; without a row the program's default holds.

    Every so many `weeks` (1, 2 or 4), counted from the week of `changed_at`.
    """

    __tablename__ = "rhythm"
    __table_args__ = (
        CheckConstraint("weeks IN (1, 2, 4)", "weeks"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("hour BETWEEN 0 AND 23", "hour"),
    )

    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    weeks: Mapped[int]
    weekday: Mapped[int]
    hour: Mapped[int]
    full: Mapped[bool]
    changed_at: Mapped[datetime]


class QuietWeek(Base):
    """That nobody needed a word in a week that a mentor's rhythm leaves out: no mail is due."""

    __tablename__ = "quiet_week"

    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    week: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
