"""Tracks, cohorts, memberships and mentorships. Dates are days, the last one included."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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


class Mentorship(Base):
    """That a mentor looks after a fellow, from a day on and maybe to a day."""

    __tablename__ = "mentorship"
    __table_args__ = (
        UniqueConstraint("mentor_id", "fellow_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "dates"),
        CheckConstraint("mentor_id <> fellow_id", "two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])

    def holds(self, on: date) -> bool:
        """Whether the mentor, whose roles are loaded, does look after the fellow on that day."""
        in_time = self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
        return in_time and self.mentor.disabled_at is None and Role.MENTOR in self.mentor.roles
