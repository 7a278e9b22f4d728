"""Drafts that were sent, and reviews of them, for tests."""

from collections.abc import Iterable
from typing import Any

from lms.authoring.models import Draft, Review
from lms.authoring.reviews import judging
from lms.authoring.reviews.wording import QUESTIONS
from lms.authoring.sending.services import send_to_review
from lms.core.db import db, transaction
from lms.people.models import Role, User
from question_bank.case import parse_case
from question_bank.drafts.opening import draft_of
from tests.attempts.factories import case_body, choice_item
from tests.cases.texts import stored
from tests.factories import NOW, add, make_user

ALL_YES = {each.name: {"yes": True, "missing": ""} for each in QUESTIONS}

BLIND = {"next-step": {"index": 1}}
"""The key of `choice_item`."""


def make_draft(owner: User, *items: dict[str, Any], slug: str = "ward", **changes: Any) -> Draft:
    """Return a draft of a new case, which is whole."""
    body = case_body(*(items or (choice_item(),)), slug=slug) | changes
    return add(
        Draft(
            owner_id=owner.id,
            body=draft_of(parse_case(body)),
            created_at=NOW,
            changed_at=NOW,
        )
    )


def make_revision(owner: User, *items: dict[str, Any], slug: str = "ward", **changes: Any) -> Draft:
    """Return a draft that revises a case of the bank."""
    case = stored(slug)
    draft = make_draft(owner, *items, slug=slug, **changes)
    draft.case_id, draft.base_id = case.id, case.current_id
    return add(draft)


def sent(draft: Draft, author: User, reviewers: Iterable[User]) -> list[Review]:
    """Send *draft* to *reviewers*; return their reviews."""
    with transaction():
        version = send_to_review(author, draft, list(reviewers), None, "New", NOW)
    of_it = db.select(Review).where(Review.case_version_id == version.id).order_by(Review.id)
    return list(db.session.scalars(of_it))


def answered(review: Review, reviewer: User, answers: dict[str, Any] = BLIND) -> Review:
    """Have *reviewer* answer blind."""
    with transaction():
        judging.keep_blind_answers(reviewer, review, answers, now=NOW)
    return db.session.get_one(Review, review.id, populate_existing=True)


def advanced(review: Review, reviewer: User) -> Review:
    """Have *reviewer* answer blind, say Yes to everything, and advance."""
    review = answered(review, reviewer)
    with transaction():
        judging.judge(reviewer, review, ALL_YES, {"next-step": 65})
        judging.advance(reviewer, review, reason="", now=NOW)
    return review


def staff(*names: str) -> list[User]:
    """Return faculty with these names."""
    return [make_user(Role.FACULTY, name=name) for name in names]
