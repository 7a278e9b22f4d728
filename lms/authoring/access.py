"""Who may write in a draft, and who may read it: one place decides."""

from datetime import datetime

from sqlalchemy import select

from lms.attempts.secrecy import (
    KeysKept,
    check_may_read_keys,
    keys_are_kept_from,
    may_read_keys,
)
from lms.authoring.models import Draft, Review, ReviewStage
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.people.models import Role, User

WRITERS = frozenset({Role.FACULTY, Role.DIRECTOR})
"""Who writes cases, together with others."""


class ReviewsIt(Refusal):
    """A reviewer reads a draft in its review, and writes in none of it."""

    http_status = 403
    message = (
        "You were asked to review this draft, so you read it in its review, and do not edit it."
    )


def may_edit(draft: Draft, person: User, now: datetime) -> bool:
    """Return whether *person*, roles loaded, may write in *draft*.

    Its owner may, and whoever writes cases and may read its keys: those of the case that it is of,
    or, while it is of none, anybody's. Who was asked to review it may not, until that is over.
    """
    return _may_read_its_keys(draft, person, now) and not _reviews(draft, person)


def check_may_edit(draft: Draft, person: User, now: datetime) -> None:
    """Refuse to go on if *person* may not write in *draft*; see `may_edit`.

    Raises:
        NotFound: the person writes no cases.
        KeysKept: the person may not read its keys; AnswerFirst, if only not before answering it.
        ReviewsIt: the person was asked to review it.
    """
    if not person.roles & WRITERS:
        raise NotFound
    if draft.case_id is not None:
        check_may_read_keys(person, draft.case_id, now)
    elif not _may_read_its_keys(draft, person, now):
        raise KeysKept
    if _reviews(draft, person):
        raise ReviewsIt


def _may_read_its_keys(draft: Draft, person: User, now: datetime) -> bool:
    if not person.roles & WRITERS:
        return False
    if draft.case_id is not None:
        return may_read_keys(person, draft.case_id, now)
    return draft.owner_id == person.id or not keys_are_kept_from(person, now)


def _reviews(draft: Draft, person: User) -> bool:
    asked = select(Review.id).where(
        Review.draft_id == draft.id,
        Review.reviewer_id == person.id,
        Review.stage.in_([ReviewStage.ASKED, ReviewStage.ANSWERED]),
    )
    return db.session.scalar(asked.limit(1)) is not None
