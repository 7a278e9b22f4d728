"""Reading what waits for a person in the bank, each list in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.authoring.models import OPEN, Draft, DraftEvent, DraftState, Review, ReviewStage
from lms.cases.models import Approval, ApprovalKind, CaseVersion, StoredCase
from lms.cases.search.signed import is_case_signed
from lms.core.db import db
from lms.people.models import User
from question_bank.reviewing import AHEAD

MOST = 50
"""How many rows a list has at most; what was first comes first."""

_REVIEWER = aliased(User)

_OPEN_REVIEW = Review.stage.in_((ReviewStage.ASKED, ReviewStage.ANSWERED))


@dataclass(frozen=True)
class DraftAtWork:
    """A draft in a list; `title` is empty while it has none. `by` is whose it is.

    `reviewer` and `due_on` are those of its open review, if it has one.
    """

    id: int
    title: str
    state: DraftState
    changed_at: datetime
    owner_id: int
    by: str
    reviewer: str | None
    due_on: date | None


def drafts_of(person: User) -> list[DraftAtWork]:
    """Return the open drafts that are a person's, or that the person has written in."""
    wrote = exists().where(DraftEvent.draft_id == Draft.id, DraftEvent.by_id == person.id)
    under_review = and_(
        Review.draft_id == Draft.id, Review.case_version_id == Draft.version_id, _OPEN_REVIEW
    )
    title = func.coalesce(Draft.body["title"].as_string(), StoredCase.title, "")
    facts: tuple[Any, ...] = (
        Draft.id, title, Draft.state, Draft.changed_at, Draft.owner_id, User.name, _REVIEWER.name,
        Review.due_on,
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .select_from(Draft)
        .join(User, User.id == Draft.owner_id)
        .outerjoin(StoredCase, StoredCase.id == Draft.case_id)
        .outerjoin(Review, under_review)
        .outerjoin(_REVIEWER, _REVIEWER.id == Review.reviewer_id)
        .where(Draft.state.in_(OPEN), or_(Draft.owner_id == person.id, wrote))
        .order_by(Draft.changed_at.desc(), Draft.id)
        .limit(MOST)
    )
    return [DraftAtWork(*row) for row in rows]


@dataclass(frozen=True)
class ReviewAtWork:
    """A review that a person was asked for, and has not decided."""

    id: int
    title: str
    asked_by: str
    due_on: date | None
    answered: bool


def reviews_of(person: User) -> list[ReviewAtWork]:
    """Return what a person is to review, what is due first."""
    facts: tuple[Any, ...] = (
        Review.id, StoredCase.title, User.name, Review.due_on,
        Review.stage == ReviewStage.ANSWERED,
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .join(CaseVersion, CaseVersion.id == Review.case_version_id)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
        .join(User, User.id == Review.asked_by_id)
        .where(Review.reviewer_id == person.id, _OPEN_REVIEW)
        .order_by(Review.due_on.is_(None), Review.due_on, Review.id)
        .limit(MOST)
    )
    return [ReviewAtWork(*row) for row in rows]


@dataclass(frozen=True)
class AdvancedCase:
    """A version that a reviewer advanced and no act has published yet."""

    title: str
    slug: str
    number: int
    reviewer: str
    at: datetime


def advanced_of(person: User) -> list[AdvancedCase]:
    """Return what was advanced of a person's drafts and waits to be published, in its order."""
    published = exists().where(
        Approval.case_version_id == Review.case_version_id, Approval.kind == ApprovalKind.EDITORIAL
    )
    facts: tuple[Any, ...] = (
        StoredCase.title, StoredCase.slug, CaseVersion.number, _REVIEWER.name, Review.decided_at,
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .join(Draft, and_(Draft.id == Review.draft_id, Draft.version_id == Review.case_version_id))
        .join(CaseVersion, CaseVersion.id == Review.case_version_id)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
        .join(_REVIEWER, _REVIEWER.id == Review.reviewer_id)
        .where(
            Review.stage == ReviewStage.ADVANCED,
            Draft.state.in_(OPEN),
            or_(Draft.owner_id == person.id, Review.reviewer_id == person.id),
            ~published,
        )
        .order_by(Review.decided_at, Review.id)
        .limit(MOST)
    )
    return [AdvancedCase(*row) for row in rows]


@dataclass(frozen=True)
class CaseToReview:
    """A published case whose day of review comes, or is over."""

    id: int
    title: str
    slug: str
    review_by: date


def in_use() -> tuple[ColumnElement[bool], ...]:
    """Return what must hold of a case that is asked."""
    return StoredCase.current_id.is_not(None), StoredCase.retired_at.is_(None)


def to_review_again(person: User, today: date) -> list[CaseToReview]:
    """Return the cases that a person looks after and that are to be reviewed, the first first."""
    facts: tuple[Any, ...] = (
        StoredCase.id, StoredCase.title, StoredCase.slug, StoredCase.review_by
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .where(
            *in_use(),
            StoredCase.owner_id == person.id,
            StoredCase.review_by <= today + AHEAD,
        )
        .order_by(StoredCase.review_by, StoredCase.title)
        .limit(MOST)
    )
    return [CaseToReview(*row) for row in rows]


def count_overdue(today: date) -> int:
    """Return how many cases in use were to be reviewed before *today*, whoever looks after them."""
    overdue = select(func.count(StoredCase.id)).where(*in_use(), StoredCase.review_by < today)
    return db.session.scalar(overdue) or 0


def count_unsigned() -> int:
    """Return for how many cases in use no clinician answers."""
    unsigned = select(func.count(StoredCase.id)).where(*in_use(), ~is_case_signed())
    return db.session.scalar(unsigned) or 0
