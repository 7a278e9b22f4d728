"""What pages show of reviews."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.attempts.secrecy import asks_blind, may_review
from lms.authoring.models import Draft, DraftEvent, Review, ReviewComment, ReviewStage
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.core.choosing import Offered
from lms.core.db import db
from lms.core.errors import NotFound
from lms.people.choosing import holding, offered_people
from lms.people.models import Role, User
from lms.people.queries import people_of
from question_bank.drafts.paths import flatten
from question_bank.quoting import passages, stand_in_one

OPEN_STAGES = (ReviewStage.ASKED, ReviewStage.ANSWERED)
"""In these a review waits for its reviewer."""

DECIDED_STAGES = (ReviewStage.RETURNED, ReviewStage.ADVANCED)
"""In these its reviewer has said what comes of the case."""


@asks_blind
def to_answer_first(reviewer_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return the cases that reviewers have not answered blind yet, each with its review's page."""
    rows = db.session.execute(
        select(Review.reviewer_id, CaseVersion.case_id, Review.id)
        .join(CaseVersion, Review.case_version_id == CaseVersion.id)
        .where(Review.reviewer_id.in_(list(reviewer_ids)), Review.stage == ReviewStage.ASKED)
        .order_by(Review.id)
    )
    found: dict[int, dict[int, str]] = {}
    for reviewer_id, case_id, review_id in rows:
        found.setdefault(reviewer_id, {})[case_id] = f"/reviews/{review_id}"
    return found


def review_of(review_id: int, person: User, now: datetime) -> Review:
    """Return a review, its version and case, reviewer and who asked loaded.

    Its reviewer sees it; so does, once it is decided, everybody who may read the keys. Whose blind
    answer is awaited, in this review or in another of the case, is shown no key of it: whoever
    shows one asks `check_answered_first`.

    Raises:
        NotFound: there is none such, or not for this person.
    """
    review = db.session.scalar(_with_all(select(Review).where(Review.id == review_id)))
    if review is None or not may_review(person, review.version.case_id, now):
        raise NotFound
    if review.reviewer_id != person.id and review.stage in OPEN_STAGES:
        raise NotFound
    return review


def reviews_of(version_id: int) -> list[Review]:
    """Return the reviews of a version in the order in which they were asked for."""
    return list(
        db.session.scalars(
            _with_all(select(Review).where(Review.case_version_id == version_id)).order_by(
                Review.id
            )
        )
    )


def _with_all(query: Select[Review]) -> Select[Review]:
    return (
        query.join(Review.version)
        .options(
            contains_eager(Review.version)
            .joinedload(CaseVersion.case)
            .joinedload(StoredCase.current),
            joinedload(Review.reviewer).selectinload(User.role_rows),
            joinedload(Review.asked_by).selectinload(User.role_rows),
        )
        .execution_options(populate_existing=True)
    )


def newest_number(case_id: int) -> int:
    """Return the number of the newest version of a case."""
    newest = select(CaseVersion.number).where(CaseVersion.case_id == case_id)
    return db.session.scalars(newest.order_by(CaseVersion.number.desc()).limit(1)).one()


def authors_of(version: CaseVersion) -> set[int]:
    """Return the ids of those who wrote what *version* says: in its draft, or brought it in.

    Of a case that was never in use it is all who wrote in it: a later draft goes on from theirs.
    """
    if before_use := authors_before_use(version.case_id):
        return before_use
    drafts = select(Draft.id).where(
        or_(
            Draft.version_id == version.id,
            Draft.id.in_(select(Review.draft_id).where(Review.case_version_id == version.id)),
        )
    )
    wrote = select(DraftEvent.by_id).where(DraftEvent.draft_id.in_(drafts))
    own = select(Draft.owner_id).where(Draft.id.in_(drafts))
    found = set(db.session.scalars(wrote)) | set(db.session.scalars(own))
    return found if version.author_id is None else found | {version.author_id}


def authors_before_use(case_id: int) -> set[int]:
    """Return the ids of all who wrote in a case that was never in use; of another one nobody's."""
    in_use = select(StoredCase.current_id).where(StoredCase.id == case_id)
    return case_authors(case_id) if db.session.scalar(in_use) is None else set()


def case_authors(case_id: int) -> set[int]:
    """Return the ids of all who wrote anything of a case, in whichever version or draft."""
    drafts = select(Draft.id).where(Draft.case_id == case_id)
    rows = db.session.scalars(
        select(CaseVersion.author_id)
        .where(CaseVersion.case_id == case_id, CaseVersion.author_id.is_not(None))
        .union(
            select(DraftEvent.by_id).where(DraftEvent.draft_id.in_(drafts)),
            select(Draft.owner_id).where(Draft.case_id == case_id),
        )
    )
    return {each for each in rows if each is not None}


@dataclass(frozen=True)
class Thread:
    """A comment with what became of it. `gone`: what does not have the words it quotes any
    more, "version 4"; empty: they stand there.

    `number` is its number on the page, from 1, `by` its reviewer, `version` the one it is about.
    """

    comment: ReviewComment
    number: int
    by: str
    version: int
    settled_by: str
    gone: str


def threads(review: Review) -> list[Thread]:
    """Return the comments of a review, in the order in which they were made."""
    return _threads([review.id], None)


def earlier_threads(review: Review) -> list[Thread]:
    """Return the comments of the reviews of earlier versions of the same draft."""
    if review.draft_id is None:
        return []
    earlier = select(Review.id).where(
        Review.draft_id == review.draft_id,
        Review.case_version_id != review.case_version_id,
        Review.id < review.id,
    )
    texts = [each.text for each in passages(parsed(review.version))]
    return _threads(db.session.scalars(earlier), texts, f"version {review.version.number}")


def threads_of_draft(draft: Draft) -> list[Thread]:
    """Return the comments that the author of *draft* has to answer, or has: of all its reviews.

    Those that are still open come first. Words are looked for in the draft as it stands.
    """
    of_it = select(Review.id).where(Review.draft_id == draft.id, Review.stage.in_(DECIDED_STAGES))
    texts = [leaf for leaf in flatten(draft.body).values() if isinstance(leaf, str)]
    found = _threads(db.session.scalars(of_it), texts, "the draft")
    return sorted(found, key=lambda each: each.comment.settled is not None)


def _threads(
    review_ids: Iterable[int], texts: Collection[str] | None, where: str = ""
) -> list[Thread]:
    settler = User.__table__.alias("settler")
    rows = db.session.execute(
        select(ReviewComment, User.name, CaseVersion.number, settler.c.name)
        .join(Review, Review.id == ReviewComment.review_id)
        .join(User, User.id == Review.reviewer_id)
        .join(CaseVersion, CaseVersion.id == Review.case_version_id)
        .outerjoin(settler, settler.c.id == ReviewComment.settled_by_id)
        .where(ReviewComment.review_id.in_(list(review_ids)))
        .order_by(ReviewComment.id)
        .execution_options(populate_existing=True)
    )
    return [
        Thread(
            said,
            number,
            by,
            version,
            settled_by or "",
            gone=where if texts is not None and not stand_in_one(texts, said.quoted) else "",
        )
        for number, (said, by, version, settled_by) in enumerate(rows, 1)
    ]


def may_be_asked(draft_authors: Collection[int], case_id: int | None, now: datetime) -> Offered:
    """Return who can be asked to review what *draft_authors* wrote, by name.

    Faculty and directors who may read its keys, but for being asked.
    """

    def fit(ids: Collection[int]) -> set[int]:
        fellows = people_of(ids, Role.FELLOW)
        kept = {each.id for each in fellows if not may_review(each, case_id or 0, now)}
        return set(ids) - kept

    staff = holding(Role.FACULTY, Role.DIRECTOR)
    return offered_people(staff, User.id.not_in(draft_authors), fit=fit)


def last_reviews(draft: Draft) -> list[Review]:
    """Return the reviews of the version that was sent of *draft* last."""
    return [] if draft.version_id is None else reviews_of(draft.version_id)


def asked_review(review_id: int) -> Review:
    """Return a review with all that its page names, whoever it is for.

    Raises:
        NotFound: there is none such.
    """
    review = db.session.scalar(_with_all(select(Review).where(Review.id == review_id)))
    if review is None:
        raise NotFound
    return review
