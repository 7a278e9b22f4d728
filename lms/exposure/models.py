"""Exposures: one row for each edition of an item that a fellow was asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Exposure(Base):
    """That a fellow was asked an edition of an item, in an attempt that has been handed in.

    `response_id` is the fellow's first answer, given at `answered_at` (see
    `question_bank.first_answers`); None: the item was not reached as yet, or its key could be
    read before. From `key_at` on, which may be ahead, the terms of the assignment `key_in_id` let
    the fellow read the key; None: that is not settled. Once it is past, it stands.
    """

    __tablename__ = "exposure"
    __table_args__ = (
        CheckConstraint("edition >= 1", "edition"),
        CheckConstraint("(response_id IS NULL) = (answered_at IS NULL)", "answered"),
        CheckConstraint("(key_at IS NULL) = (key_in_id IS NULL)", "key"),
        Index("ix_exposure_response_id", "response_id", unique=True),
    )

    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    answered_at: Mapped[datetime | None]
    key_at: Mapped[datetime | None]
    key_in_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
