"""Attempts, their sittings and freezes, the responses in them, and every accepted save."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.models import CaseVersion, Item
from lms.core.db import Base, text_enum
from lms.people.models import User
from lms.quizzes.models import Assignment


class AttemptState(StrEnum):
    """Where an attempt is; the order of the members is the way.

    Instead of being submitted it may be abandoned: its time ended, and nothing of it counts.
    """

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    GRADED = "graded"
    ABANDONED = "abandoned"

    @property
    def is_in(self) -> bool:
        """Whether it is handed in, by whomever."""
        return self in (AttemptState.SUBMITTED, AttemptState.GRADED)


class Confidence(StrEnum):
    """How sure a fellow was of an answer; never part of the score."""

    SURE = "sure"
    LEANING = "leaning"
    GUESSING = "guessing"


class SubmittedBy(StrEnum):
    """Who closed an attempt."""

    FELLOW = "fellow"
    CLOCK = "clock"


class Attempt(Base):
    """A fellow's taking of an assignment; what was answered is fixed once it is submitted.

    While it is frozen (`frozen_at`), its clock stands: it has no deadline and takes no answer.
    One that is abandoned was never handed in; its time ended at `deadline_at`.

    `score` is in basis points, 0 to 10,000 (100 %), and None until graded. It is also None
    where every item had to be left out. Of the grades that count, `scored` have a credit and
    `waiting` are yet to be given by a person. `flagged_at`: grading crashed too often, people
    must look.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("assignment_id", "fellow_id", "number"),
        CheckConstraint(
            "(state IN ('in_progress', 'abandoned')) = (submitted_at IS NULL)", "submitted"
        ),
        CheckConstraint("state <> 'abandoned' OR deadline_at IS NOT NULL", "abandoned"),
        CheckConstraint("(state = 'graded') = (graded_at IS NOT NULL)", "graded"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10000", "score"),
        CheckConstraint(
            "frozen_at IS NULL OR (state = 'in_progress' AND deadline_at IS NULL)", "frozen"
        ),
        CheckConstraint("scored >= 0", "scored"),
        CheckConstraint("waiting >= 0", "waiting"),
        Index("ix_attempt_due", "state", "deadline_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    number: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(
        text_enum(AttemptState), default=AttemptState.IN_PROGRESS
    )
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[SubmittedBy | None] = mapped_column(text_enum(SubmittedBy))
    graded_at: Mapped[datetime | None]
    score: Mapped[int | None]
    scored: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int]
    grade_tries: Mapped[int] = mapped_column(default=0)
    grade_after: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(lazy="raise_on_sql")
    fellow: Mapped[User] = relationship(lazy="raise_on_sql")
    responses: Mapped[list["Response"]] = relationship(
        back_populates="attempt", lazy="raise_on_sql", order_by="Response.position"
    )

    @property
    def stops_at(self) -> datetime:
        """Up to when it takes answers: its deadline, or, while it is frozen, since when it is."""
        return self.deadline_at or self.frozen_at or self.started_at

    @property
    def abandoned_at(self) -> datetime | None:
        """When its time ended, if it is abandoned."""
        return self.deadline_at if self.state is AttemptState.ABANDONED else None


class Sitting(Base):
    """A stretch in which an attempt could be answered: from its start, or from a reopening, on.

    `until` is up to when it was reopened; of the first, the terms say that. `closed_at` and
    `closed_by` are how it ended; of the last, the attempt's own `submitted_at` and `submitted_by`
    say that; of one that was abandoned neither does. `opened_by` is the person who reopened it, and
    `reason` why.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("(number = 1) = (until IS NULL)", "until"),
        CheckConstraint("(number = 1) = (reason IS NULL)", "reason"),
        CheckConstraint("began_at < until", "lasts"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", "closed"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[SubmittedBy | None] = mapped_column(text_enum(SubmittedBy))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]


class Freeze(Base):
    """That an attempt's clock stood, from `began_at` until it was `ended_at`.

    Once `until` has come, or results are shown, the fellow's next request or the sweep ends it,
    whichever is first. What was left of the time when it began is given back. `frozen_by`: who
    stopped the clock; None: the service itself.
    """

    __tablename__ = "freeze"
    __table_args__ = (
        CheckConstraint("began_at < until", "lasts"),
        CheckConstraint("began_at <= ended_at", "ended"),
        Index(
            "ix_freeze_open",
            "attempt_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    began_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str]


class Response(Base):
    """A fellow's answer to one item, in the version the fellow saw.

    `topic`, `approach`, `formative` (never part of a report) and `points` are what that version
    said of the item: a later one changes nothing that was said of this answer.

    `order` maps what was shown to what was authored: `order[0]` is the authored index of the
    first option shown. `answer` is `question_bank`'s JSON of an answer, in authored indices;
    None: blank. It was `given_at` that moment by its page's account, and is here since
    `saved_at`. `stage` is the part of the case, from 0, that asks it; once `locked_at` is set,
    the answer stands. `grade_number` says which of its grades counts; where there is none of
    that number, it has not been graded.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("attempt_id", "item_id"),
        CheckConstraint("stage >= 0", "stage"),
        CheckConstraint("points >= 1", "points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"))
    topic: Mapped[str]
    approach: Mapped[str]
    formative: Mapped[bool] = mapped_column(default=False)
    points: Mapped[int] = mapped_column(default=1)
    order: Mapped[list[int]]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=0)
    last_tab: Mapped[str | None]
    given_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[Confidence | None] = mapped_column(text_enum(Confidence))
    stage: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    grade_number: Mapped[int] = mapped_column(default=1)

    attempt: Mapped[Attempt] = relationship(back_populates="responses", lazy="raise_on_sql")
    item: Mapped[Item] = relationship(lazy="raise_on_sql")
    version: Mapped[CaseVersion] = relationship(lazy="raise_on_sql")


class ResponseEvent(Base):
    """Every save that arrived, appended and never changed.

    The key makes a replayed packet a conflict. `given_at` is when the answer was given by its
    page's account; None: not known. `late`: it came after the attempt had closed, so it does not
    count; it is kept for people to judge: of a response the newest of each of three pages.
    """

    __tablename__ = "response_event"
    __table_args__ = (
        Index(
            "ix_response_event_late",
            "received_at",
            postgresql_where=text("late"),
            sqlite_where=text("late = 1"),
        ),
    )

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    tab: Mapped[str] = mapped_column(primary_key=True)
    tab_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    given_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)


class RefusedAnswer(Base):
    """What a page sent as an answer and could not be taken, as it was `typed`, and `why`.

    Of a response the newest of each of three pages is kept. It stands until an answer is saved
    after it.
    """

    __tablename__ = "refused_answer"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    tab: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[str]
    why: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True)
