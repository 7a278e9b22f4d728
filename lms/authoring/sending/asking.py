"""Asking for a review of a case as it stands: of its draft, or of its newest version."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.attempts.secrecy import check_may_read_keys, may_review
from lms.authoring.models import OPEN, Draft, DraftState, Review, ReviewStage
from lms.authoring.reviews.queries import authors_of
from lms.authoring.sending.services import NotReviewer, ask_reviewer, send_to_review, writers_of
from lms.cases.models import StoredCase
from lms.cases.versions import newest_version
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.people.models import User


class RetiredCase(Refusal):
    """Nobody is asked it any more."""

    message = "It is retired."


class OthersDraft(Refusal):
    """A draft is sent by who writes it, once it is ready."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"{owner} is writing a revision of it, and sends that.")


class WroteIt(Refusal):
    """Nobody judges the own work, or what the own keys are kept from."""

    def __init__(self, reviewer: User) -> None:
        super().__init__(f"{reviewer.name} wrote in it, or may be asked it.")


@dataclass(frozen=True)
class AskedAbout:
    """Which version a reviewer is asked to judge, and in which review; None: it was before."""

    number: int
    review: Review | None


def ask_about(
    person: User, case: StoredCase, reviewer: User, due_on: date | None, now: datetime
) -> AskedAbout:
    """Ask *reviewer* to judge what is newest of *case*, which nobody else changes.

    An open draft that *person* has written in is sent. Else it is the newest version that is
    judged, also where that is in use; who was asked for it already is not asked twice. The
    reviewer is told of all together, by who calls.

    Raises:
        KeysKept: the person may not read its keys.
        RetiredCase, OthersDraft, WroteIt: as they say.
        DraftIncomplete, BehindTheCase, ReviewsIt: the draft cannot be sent; see `send_to_review`.
    """
    check_may_read_keys(person, case.id, now)
    if case.retired_at is not None:
        raise RetiredCase
    draft = _open_draft(case.id)
    if draft is not None and draft.state is not DraftState.IN_REVIEW:
        return _sent(person, draft, reviewer, due_on, now)
    version = newest_version(case)
    if version is None:
        raise NotFound
    if reviewer.id in authors_of(version) or not may_review(reviewer, case.id, now):
        raise WroteIt(reviewer)
    of_it = draft if draft is not None and draft.version_id == version.id else None
    review = ask_reviewer(person, of_it, version, reviewer, due_on, now)
    if review is not None:
        after = {"version": version.number, "reviewers": [reviewer.name]}
        record(person, "review.ask", "case", case.id, now=now, after=after)
    return AskedAbout(version.number, review)


def _sent(
    person: User, draft: Draft, reviewer: User, due_on: date | None, now: datetime
) -> AskedAbout:
    if person.id not in writers_of(draft):
        raise OthersDraft(db.session.get_one(User, draft.owner_id).name)
    try:
        version = send_to_review(person, draft, [reviewer], due_on, "", now, told=False)
    except NotReviewer as refusal:
        raise WroteIt(reviewer) from refusal
    review = select(Review).where(
        Review.case_version_id == version.id,
        Review.reviewer_id == reviewer.id,
        Review.stage == ReviewStage.ASKED,
    )
    return AskedAbout(version.number, db.session.scalar(review))


def _open_draft(case_id: int) -> Draft | None:
    drafts = select(Draft).where(Draft.case_id == case_id, Draft.state.in_(OPEN))
    return db.session.scalar(drafts.execution_options(populate_existing=True))
