"""Goals: what one person proposed and another agreed to, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, text_enum
from lms.people.models import User
from question_bank.goals import GoalState, Measure


class GoalSide(StrEnum):
    """As what a person reads a fellow's goals; directors act on none."""

    FELLOW = "fellow"
    MENTOR = "mentor"
    DIRECTOR = "director"


_LIVE = text("state IN ('proposed', 'open')")


class Goal(Base):
    """What a fellow and a mentor want to reach; what it says is never changed.

    Of the latest `items` first answers in an `approach` or a `topic`, handed in from `starts_at`
    up to the end of `due_on` in the fellow's zone, `right` are to be right. `proposed_by` is the
    fellow or a mentor; who of the two sides did not propose it agrees, at `agreed_at`. At
    `ended_at` it was met, missed, moved or declined. `instead_of_id` is the goal in whose stead
    it was proposed. `mentor_id` is with whom the fellow has agreed on it; until then, who proposed
    it, or the mentor of the one before.
    """

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("(approach IS NULL) <> (topic IS NULL)", "about"),
        CheckConstraint("items BETWEEN 4 AND 60", "items"),
        CheckConstraint('"right" BETWEEN 1 AND items', "right"),
        CheckConstraint("(agreed_at IS NULL) = (state IN ('proposed', 'declined'))", "agreed"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('proposed', 'open'))", "ended"),
        Index(
            "ix_goal_instead_of_id",
            "instead_of_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sentence: Mapped[str]
    approach: Mapped[str | None]
    topic: Mapped[str | None]
    items: Mapped[int]
    right: Mapped[int]
    starts_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[GoalState] = mapped_column(text_enum(GoalState), default=GoalState.PROPOSED)
    proposed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"))

    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])
    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    proposer: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[proposed_by])

    @property
    def measure(self) -> Measure:
        """What is counted, and how much of it is wanted."""
        return Measure(self.items, self.right, self.approach, self.topic)

    @property
    def waits_for(self) -> GoalSide:
        """Who is to agree to it, as long as it is proposed: the side that did not propose it."""
        return GoalSide.MENTOR if self.proposed_by == self.fellow_id else GoalSide.FELLOW
