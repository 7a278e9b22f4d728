"""Cases as they are being written, and what reviewers say of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.models import CaseVersion, StoredCase
from lms.core.db import Base, text_enum
from lms.people.models import User


class DraftState(StrEnum):
    """Where a draft stands between its first word and its publication."""

    WRITING = "writing"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    DROPPED = "dropped"


OPEN = (DraftState.WRITING, DraftState.IN_REVIEW, DraftState.RETURNED)
"""The states in which a draft can be written on."""

_ONE_OPEN = text("state IN ('writing', 'in_review', 'returned')")


class Draft(Base):
    """A case as it is being written: whatever its authors have typed, complete or not.

    `body` is the permissive JSON of `question_bank.drafts`; `revision` counts what was saved, 0
    as it was begun. `case_id` is None until there is a case; `base_id` is the version that it was
    made from, `version_id` the one that was last made of it and sent to review. A case has one
    open draft at most.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("revision >= 0", "revision"),
        Index(
            "ix_draft_open_case",
            "case_id",
            unique=True,
            sqlite_where=_ONE_OPEN,
            postgresql_where=_ONE_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("case_version.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    body: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[DraftState] = mapped_column(text_enum(DraftState), default=DraftState.WRITING)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("case_version.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    case: Mapped[StoredCase | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[User] = relationship(lazy="raise_on_sql")


class DraftEvent(Base):
    """What one save changed of a draft; never changed, never removed.

    `changes` is a list of path, text before and text after. `tab` is the page that sent it, and
    `note` says what the change came of where that was no typing.
    """

    __tablename__ = "draft_event"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    tab: Mapped[str]
    changes: Mapped[Any] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(default="")

    by: Mapped[User] = relationship(lazy="raise_on_sql")


class WaitingText(Base):
    """What a person wrote where somebody else had written meanwhile, until one is chosen.

    The draft says at `path` what the other wrote; here are `mine`, which `tab` has sent, and
    `base`, what stood there before both. None: nothing. `theirs_by_id` is whose text it was, None
    if that is not known.
    """

    __tablename__ = "waiting_text"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    tab: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    mine: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    theirs_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    theirs_at: Mapped[datetime | None]
    at: Mapped[datetime]

    theirs_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[theirs_by_id])


class DraftVisit(Base):
    """That a person has a draft open in a tab, and at which place of it, `since` when.

    `saved_seq` is which of the tab's own saves was the newest to arrive, 0 before the first.
    """

    __tablename__ = "draft_visit"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    tab: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    saved_seq: Mapped[int] = mapped_column(default=0, server_default="0")


class ReviewStage(StrEnum):
    """How far a review has come.

    WITHDRAWN: nobody waits for it any more. Who sent the case took it back, or dropped it, or the
    reviewer declined; the reason says which.
    """

    ASKED = "asked"
    ANSWERED = "answered"
    RETURNED = "returned"
    ADVANCED = "advanced"
    WITHDRAWN = "withdrawn"


_REVIEW_OPEN = text("stage IN ('asked', 'answered')")


class Review(Base):
    """That a person was asked to judge a version of a case, and what came of it.

    `answers` are what the reviewer chose before the key was shown, by item key, and under `#sure`
    how sure that was, by item key, where it was said; `questions` the
    seven answers, by question; `expected` the share of fellows who will be right, by item key.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("(answers IS NULL) = (answered_at IS NULL)", "answered"),
        CheckConstraint("(stage IN ('asked', 'answered')) = (decided_at IS NULL)", "decided"),
        Index(
            "ix_review_open",
            "case_version_id",
            "reviewer_id",
            unique=True,
            sqlite_where=_REVIEW_OPEN,
            postgresql_where=_REVIEW_OPEN,
        ),
        Index("ix_review_reviewer_id", "reviewer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    stage: Mapped[ReviewStage] = mapped_column(text_enum(ReviewStage), default=ReviewStage.ASKED)
    answers: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    answered_at: Mapped[datetime | None]
    questions: Mapped[Any] = mapped_column(JSON, default=dict)
    expected: Mapped[Any] = mapped_column(JSON, default=dict)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")

    version: Mapped[CaseVersion] = relationship(lazy="raise_on_sql")
    reviewer: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[reviewer_id])
    asked_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])


class CommentEnd(StrEnum):
    """What became of a comment."""

    MENDED = "mended"
    DISAGREED = "disagreed"


class ReviewComment(Base):
    """What a reviewer says of quoted words of a version, and what its author answered.

    `path` is where the words stand in the draft. `because`: why the author disagrees.
    """

    __tablename__ = "review_comment"
    __table_args__ = (
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", "when_settled"),
        CheckConstraint("settled IS NULL OR settled <> 'disagreed' OR because <> ''", "because"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    path: Mapped[str]
    quoted: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    settled: Mapped[CommentEnd | None] = mapped_column(text_enum(CommentEnd))
    because: Mapped[str] = mapped_column(default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]
