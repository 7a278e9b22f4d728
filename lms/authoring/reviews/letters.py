"""What people are told of a review: to whom, and in which words."""

from datetime import date, datetime

from sqlalchemy import select

from lms.authoring.models import Draft, Review
from lms.cases.models import CaseVersion, StoredCase
from lms.core.clock import say_date
from lms.core.db import db
from lms.notices.occasions import Occasion
from lms.notices.telling import Telling, tell
from lms.people.models import User


def tell_asked(
    review: Review, by: User, title: str, due_on: date | None, reviewer: User, *, now: datetime
) -> None:
    """Tell the reviewer that a review is asked for."""
    until = f"It is due on {say_date(due_on)}." if due_on else "No day is set."
    telling = Telling(
        occasion=Occasion.REVIEW_ASKED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"{by.name} asks you to review “{title}”",
        sentences=(until, "First you answer the case; key, reasons and comments follow."),
        button="Open the review",
        path=f"/reviews/{review.id}",
    )
    tell(telling, [reviewer], now=now)


def tell_returned(review: Review, by: User, *, now: datetime) -> None:
    """Tell those who sent a case that it is returned."""
    case = _case_of(review)
    path = f"/drafts/{review.draft_id}" if review.draft_id else f"/reviews/{review.id}"
    telling = Telling(
        occasion=Occasion.REVIEW_RETURNED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"“{case.title}” is returned to you",
        sentences=(f"{by.name} has reviewed it. Answer each comment, then send it again.",),
        button="Open the draft",
        path=path,
    )
    tell(telling, _senders(review, by), now=now)


def tell_advanced(review: Review, by: User, *, now: datetime) -> None:
    """Tell those who sent a case that it may be published."""
    case, number = _case_of(review), _number_of(review.case_version_id)
    telling = Telling(
        occasion=Occasion.CASE_ADVANCED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"“{case.title}” may be published",
        sentences=(f"{by.name} has reviewed version {number} and advanced it.",),
        button="Publish it",
        path=f"/bank/{case.slug}/versions/{number}/publish",
    )
    tell(telling, _senders(review, by), now=now)


def tell_published(version: CaseVersion, by: User, *, now: datetime) -> None:
    """Tell who wrote a version, and who looks after its case, that it is published."""
    case = db.session.get_one(StoredCase, version.case_id)
    wrote = select(Draft.owner_id).where(Draft.version_id == version.id)
    ids = {*db.session.scalars(wrote), version.author_id, case.owner_id} - {None, by.id}
    telling = Telling(
        occasion=Occasion.CASE_PUBLISHED,
        fact=str(version.id),
        about=("case_version", version.id),
        subject=f"“{case.title}” is published",
        sentences=(f"{by.name} has published version {version.number}.",),
        button="Open the case",
        path=f"/bank/{case.slug}",
    )
    tell(telling, _people(ids), now=now)


def _senders(review: Review, by: User) -> list[User]:
    owner = select(Draft.owner_id).where(Draft.id == review.draft_id)
    return _people({review.asked_by_id, *db.session.scalars(owner)} - {by.id})


def _people(ids: set[int | None]) -> list[User]:
    return list(
        db.session.scalars(
            select(User).where(User.id.in_(ids), User.disabled_at.is_(None)).order_by(User.id)
        )
    )


def _case_of(review: Review) -> StoredCase:
    return db.session.scalars(
        select(StoredCase)
        .join(CaseVersion, CaseVersion.case_id == StoredCase.id)
        .where(CaseVersion.id == review.case_version_id)
    ).one()


def _number_of(version_id: int) -> int:
    return db.session.scalars(select(CaseVersion.number).where(CaseVersion.id == version_id)).one()
