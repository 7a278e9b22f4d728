"""Exposures: one row for each edition of an item that a fellow was asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Exposure(Base):
    """That a fellow was asked an edition of an item, in an attempt that has been handed in.

    `response_id` is the fellow's first answer, given at `answered_at` (see
    `question_bank.first_answers`); None: the item was not reached as yet, or its key could be
    read before. Of the attempts that have asked it, `key_in_id` is the one whose keys open first,
    or the first one as long as none is settled: since that opening the key can be read.
    """

    __tablename__ = "exposure"
    __table_args__ = (
        CheckConstraint("edition >= 1", "edition"),
        CheckConstraint("(response_id IS NULL) = (answered_at IS NULL)", "answered"),
        Index("ix_exposure_response_id", "response_id", unique=True),
    )

    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    answered_at: Mapped[datetime | None]
    key_in_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))


class KeyOpening(Base):
    """From when on, maybe ahead, the terms let the fellow of an attempt read the keys it asked for.

    No row: that is not settled. Once it is past, it stands. Of an attempt that asks nothing whose
    key was not open before, none is kept.
    """

    __tablename__ = "key_opening"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    key_at: Mapped[datetime]


Edition = tuple[int, int, int]
"""A fellow, an item, and the number of an edition of it."""

KEY_OPENS = KeyOpening.attempt_id == Exposure.key_in_id
"""Joins to an exposure the opening of its key; from outside, since none may be settled."""
