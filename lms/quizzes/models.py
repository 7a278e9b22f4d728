"""Quizzes, their versions, to whom they are assigned, and what a fellow is granted beyond that."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.models import Item
from lms.core.db import Base, text_enum
from lms.people.models import User
from lms.program.models import Cohort, Track
from question_bank.items.base import MOST_POINTS
from question_bank.paper import uses_asked
from question_bank.terms import Feedback, Unfinished


class Quiz(Base):
    """A set of items under a title. `track_id` is the blueprint it follows, if it does.

    `cohort_id` is that for which it was drawn last; None: it was put together by hand, or drawn
    for all of a track. A *formative* quiz may ask what no score should rest on, like script
    concordance.
    """

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    formative: Mapped[bool] = mapped_column(default=False)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def uses(self) -> tuple[str, ...]:
        """Which items it may have, by what they are fit for."""
        return uses_asked(self.formative)

    track: Mapped[Track | None] = relationship(lazy="raise_on_sql")
    cohort: Mapped[Cohort | None] = relationship(lazy="raise_on_sql")
    versions: Mapped[list["QuizVersion"]] = relationship(
        back_populates="quiz", lazy="raise_on_sql", order_by="QuizVersion.number"
    )


class QuizVersion(Base):
    """The items of a quiz, in order. Fixed once `frozen_at` is set by the first assignment."""

    __tablename__ = "quiz_version"
    __table_args__ = (UniqueConstraint("quiz_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship(back_populates="versions", lazy="raise_on_sql")
    places: Mapped[list["QuizItem"]] = relationship(
        lazy="raise_on_sql", order_by="QuizItem.position", cascade="all, delete-orphan"
    )


class QuizItem(Base):
    """An item's place in a quiz; items of one case stand side by side.

    `points` is how much it weighs there, 1 to 10; None: what its case says when it is asked.
    """

    __tablename__ = "quiz_item"
    __table_args__ = (
        UniqueConstraint("quiz_version_id", "item_id"),
        CheckConstraint(f"points BETWEEN 1 AND {MOST_POINTS}", "points"),
    )

    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    points: Mapped[int | None]

    item: Mapped[Item] = relationship(lazy="raise_on_sql")


class Assignment(Base):
    """A quiz given to an audience. `time_limit` is in minutes; None: no limit within the window.

    Before `results_at` nobody is shown a key of a quiz whose feedback waits for its closing, and
    no window that was widened for a fellow lasts longer. `ask_confidence`: beside each choice the
    fellow is asked how sure it is. `begun_at`: when the first fellow began it; None: nobody has.
    Once `withdrawn_at`, nobody can begin it; who has, goes on.
    A fellow may stop the clock `freezes` times in an attempt, for `freeze_minutes` each. If its
    time ends before it is handed in, it goes as `unfinished` says; `grace_minutes` matter only
    where there is grace.
    `form_token` is that of the form it was assigned with: the same form assigns once.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("opens_at < due_at AND due_at <= closes_at", "dates"),
        CheckConstraint("closes_at <= results_at", "results"),
        CheckConstraint("time_limit IS NULL OR time_limit BETWEEN 1 AND 600", "time_limit"),
        CheckConstraint("attempts_allowed BETWEEN 1 AND 10", "attempts_allowed"),
        CheckConstraint("freezes BETWEEN 0 AND 5", "freezes"),
        CheckConstraint("freeze_minutes BETWEEN 5 AND 240", "freeze_minutes"),
        CheckConstraint("grace_minutes BETWEEN 5 AND 1440", "grace_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    results_at: Mapped[datetime]
    time_limit: Mapped[int | None]
    attempts_allowed: Mapped[int]
    freezes: Mapped[int] = mapped_column(default=1, server_default="0")
    freeze_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    unfinished: Mapped[Unfinished] = mapped_column(
        text_enum(Unfinished), default=Unfinished.HAND_IN, server_default=Unfinished.HAND_IN.value
    )
    grace_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    feedback: Mapped[Feedback] = mapped_column(text_enum(Feedback))
    ask_confidence: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    form_token: Mapped[str | None] = mapped_column(unique=True)

    version: Mapped[QuizVersion] = relationship(lazy="raise_on_sql")
    audiences: Mapped[list["Audience"]] = relationship(lazy="raise_on_sql", order_by="Audience.id")


_BY_NAME = text("fellow_id IS NOT NULL")


class Audience(Base):
    """Whom an assignment concerns: the fellows of a cohort, or one fellow.

    Who is concerned in several ways is concerned once. `added_at`: since when, if it was given to
    others before.
    """

    __tablename__ = "audience"
    __table_args__ = (
        UniqueConstraint("assignment_id", "cohort_id"),
        UniqueConstraint("assignment_id", "fellow_id"),
        CheckConstraint("(cohort_id IS NULL) <> (fellow_id IS NULL)", "one_kind"),
        Index(
            "ix_audience_fellow_id",
            "fellow_id",
            postgresql_where=_BY_NAME,
            sqlite_where=_BY_NAME,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    fellow_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime | None]

    cohort: Mapped[Cohort | None] = relationship(lazy="raise_on_sql")
    fellow: Mapped[User | None] = relationship(lazy="raise_on_sql")

    @property
    def name(self) -> str:
        """The cohort's name, or the fellow's."""
        return self.cohort.name if self.cohort else self.fellow.name if self.fellow else ""

    @property
    def said(self) -> str:
        """The same, with what tells cohorts of one name apart."""
        return f"{self.name}, {self.cohort.track.name}" if self.cohort else self.name


class Extension(Base):
    """What one fellow is granted with one assignment, beyond what all have.

    `minutes` more for an attempt (0 to 600), other dates, `attempts` more (0 to 9). Of several,
    the most generous of each counts; none takes anything away.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 600", "minutes"),
        CheckConstraint("attempts BETWEEN 0 AND 9", "attempts"),
        CheckConstraint("opens_at < due_at", "opens"),
        CheckConstraint("due_at <= closes_at", "closes"),
        Index("ix_extension_assignment_id_fellow_id", "assignment_id", "fellow_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    minutes: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str]
    granted_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime]
