"""What people are told of a review: to whom, and in which words."""

from collections.abc import Sequence
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
    telling = Telling(
        occasion=Occasion.REVIEW_ASKED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"{by.name} asks you to review “{title}”",
        sentences=(_until(due_on), "First you answer the case; key, reasons and comments follow."),
        button="Open the review",
        path=f"/reviews/{review.id}",
    )
    tell(telling, [reviewer], now=now)


def tell_asked_about(
    reviews: Sequence[Review], by: User, due_on: date | None, reviewer: User, *, now: datetime
) -> None:
    """Tell the reviewer by one mail that reviews of several cases are asked for."""
    ids = sorted(review.id for review in reviews)
    cases = "a case" if len(ids) == 1 else f"{len(ids)} cases"
    telling = Telling(
        occasion=Occasion.REVIEW_ASKED,
        fact=f"{ids[0]}-{ids[-1]}",
        about=("review", ids[0]),
        subject=f"{by.name} asks you to review {cases}",
        sentences=(_until(due_on), "First you answer each; key, reasons and comments follow."),
        button="Open my work",
        path="/work",
    )
    tell(telling, [reviewer], now=now)


def _until(due_on: date | None) -> str:
    return f"It is due on {say_date(due_on)}." if due_on else "No day is set."


def tell_returned(review: Review, by: User, *, now: datetime) -> None:
    """Tell those who sent a case that it is returned."""
    case = _case_of(review)
    then, button, path = "Read what it says, then revise the case.", "Open the review", ""
    if review.draft_id:
        then, button = "Answer each comment, then send it again.", "See what it says"
        path = f"/drafts/{review.draft_id}/threads"
    telling = Telling(
        occasion=Occasion.REVIEW_RETURNED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"“{case.title}” is returned to you",
        sentences=(f"{by.name} has reviewed it. {then}",),
        button=button,
        path=path or f"/reviews/{review.id}",
    )
    tell(telling, _senders(review, by), now=now)


def tell_declined(review: Review, by: User, *, now: datetime) -> None:
    """Tell those who sent a case that its reviewer does not review it; the page says why."""
    case = _case_of(review)
    telling = Telling(
        occasion=Occasion.REVIEW_DECLINED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"{by.name} cannot review “{case.title}”",
        sentences=("Read why, then ask somebody else to review it.",),
        button="See why",
        path=f"/drafts/{review.draft_id}/threads" if review.draft_id else f"/reviews/{review.id}",
    )
    tell(telling, _senders(review, by), now=now)


def tell_advanced(review: Review, by: User, *, now: datetime) -> None:
    """Tell those who sent a case that it may be published, or stay as it is in use."""
    case, number = _case_of(review), _number_of(review.case_version_id)
    in_use = case.current_id == review.case_version_id
    publishing = f"/bank/{case.slug}/versions/{number}/publish"
    telling = Telling(
        occasion=Occasion.CASE_ADVANCED,
        fact=str(review.id),
        about=("review", review.id),
        subject=f"“{case.title}” may {'stay as it is' if in_use else 'be published'}",
        sentences=(f"{by.name} has reviewed version {number} and advanced it.",),
        button="Open the case" if in_use else "Publish it",
        path=f"/bank/{case.slug}" if in_use else publishing,
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
