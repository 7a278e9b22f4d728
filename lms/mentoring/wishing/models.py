"""That a mentor wants a short quiz for a fellow, and what became of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, text_enum
from lms.people.models import User
from question_bank.short_quiz import FEWEST, MOST

LONGEST = 300
"""How many characters a reason may have why a quiz is not given."""


class WishState(StrEnum):
    """What became of a wish; the order of the members is the way."""

    WAITING = "waiting"
    GIVEN = "given"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


_WAITS = text("state = 'waiting'")


class QuizWish(Base):
    """That a mentor wants a short quiz on an approach for one fellow.

    It has `items` items, opens with `opens_on` and is due at the end of `due_on`, days of the
    fellow's. At `decided_at`, `decided_by` gave it, which the assignment is kept for, declined it
    for a `reason`, or took it back. Of one approach no two wait for the same fellow.
    """

    __tablename__ = "quiz_wish"
    __table_args__ = (
        CheckConstraint("mentor_id <> fellow_id", "two_people"),
        CheckConstraint(f"items BETWEEN {FEWEST} AND {MOST}", "items"),
        CheckConstraint("opens_on < due_on", "days"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", "decided_at"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", "decided_by"),
        CheckConstraint("(state = 'given') = (assignment_id IS NOT NULL)", "given"),
        CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", "declined"),
        CheckConstraint(f"length(reason) <= {LONGEST}", "reason"),
        Index(
            "ix_quiz_wish_waiting",
            "fellow_id",
            "approach",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approach: Mapped[str]
    items: Mapped[int]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    state: Mapped[WishState] = mapped_column(text_enum(WishState), default=WishState.WAITING)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), unique=True)

    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])
    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    decider: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by])
