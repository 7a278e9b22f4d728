"""Ending a review that nobody waits for any more: its sender takes it back, or it is declined."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from lms.authoring.models import Draft, DraftState, Review, ReviewStage
from lms.authoring.reviews.judging import Decided
from lms.authoring.reviews.letters import tell_declined
from lms.authoring.reviews.queries import OPEN_STAGES
from lms.core.audit import AuditEvent, record
from lms.core.db import db
from lms.people.models import User


def declined(reviews: Sequence[Review]) -> list[Review]:
    """Return those that their reviewers ended, as the audit knows."""
    found = db.session.scalars(
        select(AuditEvent.object_id).where(
            AuditEvent.object_type == "review",
            AuditEvent.object_id.in_([each.id for each in reviews]),
            AuditEvent.action == "review.decline",
        )
    )
    ended = set(found)
    return [each for each in reviews if each.id in ended]


def decline(person: User, review: Review, reason: str, *, now: datetime) -> None:
    """Have *review* not be done by *person*, its reviewer; who sent the case is told.

    The *reason* stands on the page of the review, not in the mail.

    Raises:
        Decided: it is over.
    """
    if not end_review(review, reason=f"Declined: {reason}", now=now):
        raise Decided
    record(person, "review.decline", "review", review.id, now=now)
    tell_declined(review, person, now=now)


def end_review(review: Review, *, reason: str, now: datetime) -> bool:
    """Have nobody wait for *review* any more; return whether it was open.

    Its draft is written on, unless others have advanced or still read what was sent of it.
    """
    draft = db.session.scalar(
        select(Draft)
        .where(Draft.id == review.draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    ended = db.session.scalar(
        update(Review)
        .where(Review.id == review.id, Review.stage.in_(OPEN_STAGES))
        .values(stage=ReviewStage.WITHDRAWN, decided_at=now, reason=reason)
        .returning(Review.id)
    )
    if draft is not None and ended and draft.state is DraftState.IN_REVIEW:
        others = select(Review.id).where(
            Review.case_version_id == draft.version_id,
            Review.stage.in_((*OPEN_STAGES, ReviewStage.ADVANCED)),
        )
        if db.session.scalar(others.limit(1)) is None:
            draft.state = DraftState.WRITING
    return ended is not None
