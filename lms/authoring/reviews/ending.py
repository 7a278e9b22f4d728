"""Ending a review that nobody waits for any more: its sender takes it back, or it is declined."""

from datetime import datetime

from sqlalchemy import select, update

from lms.authoring.models import Draft, DraftState, Review, ReviewStage
from lms.authoring.reviews.judging import Decided
from lms.authoring.reviews.letters import tell_declined
from lms.authoring.reviews.queries import OPEN_STAGES
from lms.core.audit import record
from lms.core.db import db
from lms.people.models import User

DECLINED = "Declined: "
"""How the reason begins by which a reviewer ended a review."""


def was_declined(review: Review) -> bool:
    """Return whether its reviewer ended it."""
    return review.stage is ReviewStage.WITHDRAWN and review.reason.startswith(DECLINED)


def decline(person: User, review: Review, reason: str, *, now: datetime) -> None:
    """Have *review* not be done by *person*, its reviewer; who sent the case is told why.

    Raises:
        Decided: it is over.
    """
    if not end_review(review, reason=f"{DECLINED}{reason}", now=now):
        raise Decided
    record(person, "review.decline", "review", review.id, now=now)
    tell_declined(review, person, reason, now=now)


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
