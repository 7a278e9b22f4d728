"""Tracks, cohorts, memberships, mentorships, accommodations and leaves.

Dates are days, the last one included.
"""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.people.models import Role, User


class Track(Base):
    """One of the blueprint's tracks; `slug` is its id there ("ipm", "fm")."""

    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Cohort(Base):
    """The fellows of one track who train in the same year."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("track_id", "name"),
        CheckConstraint("starts_on < ends_on", "dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    track: Mapped[Track] = relationship(lazy="raise_on_sql")

    def joined_on(self, day: date) -> date:
        """Return from when on somebody is in it who joins it on *day*, if nothing else is said.

        Never from before, or quizzes that closed before would count as missed.
        """
        return max(self.starts_on, day)


class Membership(Base):
    """That a fellow is in a cohort, from a day on and maybe to a day."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("cohort_id", "fellow_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")
    fellow: Mapped[User] = relationship(lazy="raise_on_sql")

    def covers(self, day: date) -> bool:
        """Return whether it holds on *day*."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


_OWN = text("stands_in_for_id IS NULL")


class Mentorship(Base):
    """That a mentor looks after a fellow, from a day on and maybe to a day.

    A deputy's is for some days, while the fellow's mentor `stands_in_for_id` is away. It may be
    beside one of the same mentor's own.
    """

    __tablename__ = "mentorship"
    __table_args__ = (
        Index(
            "uq_mentorship_own",
            "mentor_id",
            "fellow_id",
            "starts_on",
            unique=True,
            sqlite_where=_OWN,
            postgresql_where=_OWN,
        ),
        Index(
            "uq_mentorship_deputy",
            "stands_in_for_id",
            "fellow_id",
            "mentor_id",
            "starts_on",
            unique=True,
        ),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "dates"),
        CheckConstraint("mentor_id <> fellow_id", "two_people"),
        CheckConstraint("stands_in_for_id IS NULL OR ends_on IS NOT NULL", "deputy_ends"),
        CheckConstraint(
            "stands_in_for_id IS NULL OR stands_in_for_id NOT IN (mentor_id, fellow_id)",
            "three_people",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])
    stands_in_for: Mapped[User | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[stands_in_for_id]
    )

    def holds(self, on: date) -> bool:
        """Whether the mentor, whose roles are loaded, does look after the fellow on that day."""
        in_time = self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
        return in_time and self.mentor.disabled_at is None and Role.MENTOR in self.mentor.roles


class Accommodation(Base):
    """That a person has more time, on days of the own zone: for the person and directors to know.

    The limit of an attempt is multiplied by `percent` / 100 (125 to 300; None: there is none),
    and a window closes `days` later (0 to 30).
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 125 AND 300", "percent"),
        CheckConstraint("days BETWEEN 0 AND 30", "days"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    percent: Mapped[int | None]
    days: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime]


class Leave(Base):
    """That a person is away, from a day to a day."""

    __tablename__ = "leave"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", "dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


Bond = TypeVar("Bond", Membership, Mentorship)
