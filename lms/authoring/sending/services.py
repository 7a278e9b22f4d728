"""Sending a draft to review: its next version, and who is asked to judge that."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.authoring.access import check_may_edit
from lms.authoring.drafts.taking_up import BehindTheCase, published_since
from lms.authoring.models import OPEN, Draft, DraftEvent, DraftState, Review, ReviewStage
from lms.authoring.reviews.ending import end_review
from lms.authoring.reviews.letters import tell_asked
from lms.authoring.reviews.queries import OPEN_STAGES, authors_before_use, may_be_asked
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.cases.publishing import columns
from lms.cases.search.keeping import keep_draft
from lms.cases.services import locked_case
from lms.cases.settings import PUBLISHING
from lms.cases.versions import add_version, newest_version, says
from lms.core.audit import record
from lms.core.choosing import Offered
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.inserts import insert_unless_present
from lms.core.settings import setting
from lms.people.models import User
from question_bank.case import Case, InvalidCase, Problem
from question_bank.drafts.opening import read_draft
from question_bank.shapes import is_slug


class DraftIncomplete(Refusal):
    """The draft does not say a whole case yet; `missing` has the path of each place, and what."""

    http_status = 422
    message = "The draft is not complete yet, so nothing was sent."

    def __init__(self, missing: Sequence[Problem]) -> None:
        super().__init__()
        self.missing = tuple(missing)


class NotSendable(Refusal):
    """The draft was published or dropped."""

    message = "This draft is closed, so it cannot be sent. Begin a revision of the case."


class SlugTaken(Invalid):
    """Another case has the name."""

    def __init__(self) -> None:
        super().__init__("Another case has this name in its address.", field="slug")


class SlugMisspelt(Invalid):
    """The name of a new case is none that an address can have."""

    def __init__(self) -> None:
        super().__init__(
            "Use small letters a to z and digits, and single hyphens between them: low-back-pain.",
            field="slug",
        )


class NotReviewer(Invalid):
    """The person wrote in the draft, or may not read its keys."""

    def __init__(self) -> None:
        super().__init__("Choose somebody who has not written in it.", field="reviewers")


def writers_of(draft: Draft) -> set[int]:
    """Return the ids of those who wrote in *draft*."""
    wrote = select(DraftEvent.by_id).where(DraftEvent.draft_id == draft.id)
    return {draft.owner_id, *db.session.scalars(wrote)}


def fit_to_judge(draft: Draft, now: datetime) -> Offered:
    """Return who can be asked to review *draft*, by name: nobody who wrote what it says.

    Of a case that was never in use it may go on from a draft that was put away.
    """
    wrote = writers_of(draft)
    if draft.case_id is not None:
        wrote |= authors_before_use(draft.case_id)
    return may_be_asked(wrote, draft.case_id, now)


def case_in(draft: Draft) -> Case:
    """Return the case that *draft* says, under the name of the case that it is of.

    Raises:
        DraftIncomplete: something is missing.
    """
    slug = _slug_of(draft)
    known = select(Item.key).where(Item.case_id == draft.case_id)
    taken = select(StoredCase.slug).where(StoredCase.id != (draft.case_id or 0))
    body = draft.body if slug is None else draft.body | {"slug": slug}
    try:
        return read_draft(
            body,
            known_keys=set(db.session.scalars(known)) if draft.case_id else (),
            known_slugs=set(db.session.scalars(taken)),
        )
    except InvalidCase as error:
        raise DraftIncomplete(error.problems) from error


def _slug_of(draft: Draft) -> str | None:
    return db.session.scalar(select(StoredCase.slug).where(StoredCase.id == draft.case_id))


def send_to_review(
    person: User,
    draft: Draft,
    reviewers: Iterable[User],
    due_on: date | None,
    note: str,
    now: datetime,
    *,
    slug: str = "",
    told: bool = True,
) -> CaseVersion:
    """Make the next version of a case of what *draft* says, and ask *reviewers* to judge it.

    Findings do not hinder it; they hinder publishing. What was sent before of the draft and has
    not been judged is not asked for any more. Who is asked already is not asked twice.

    Args:
        person: Who sends it.
        draft: The draft, as the person has seen it.
        reviewers: Whom to ask, one or several; none only where people may publish alone.
        due_on: By when, if a day was said.
        note: What is new, in a line.
        now: When.
        slug: The name that a new case gets; empty: as proposed.
        told: Whether each reviewer is told here, by a mail about this case alone.

    Raises:
        KeysKept, ReviewsIt: the person may not write in the draft.
        NotSendable: it is closed.
        DraftIncomplete: it does not say a whole case.
        BehindTheCase: another version was published since the draft was begun.
        SlugTaken, SlugMisspelt, NotReviewer: as they say.
    """
    draft = _locked(draft.id)
    check_may_edit(draft, person, now)
    if draft.state not in OPEN:
        raise NotSendable
    if published_since(draft) is not None:
        raise BehindTheCase
    asked = list(reviewers)
    fit = {row.id for row in fit_to_judge(draft, now).chosen(each.id for each in asked)}
    if not (asked or setting(PUBLISHING).alone) or not {each.id for each in asked} <= fit:
        raise NotReviewer
    version = _version_of(draft, note, slug, now)
    _end_earlier(draft, version, now)
    draft.version_id, draft.case_id, draft.state = version.id, version.case_id, DraftState.IN_REVIEW
    keep_draft(draft.id, draft.case_id, draft.body)
    for reviewer in asked:
        review = ask_reviewer(person, draft, version, reviewer, due_on, now)
        if review is not None and told:
            tell_asked(review, person, str(version.body["title"]), due_on, reviewer, now=now)
    after = {"version": version.number, "reviewers": [each.name for each in asked]}
    record(person, "draft.send", "case", version.case_id, now=now, after=after)
    return version


def _version_of(draft: Draft, note: str, slug: str, now: datetime) -> CaseVersion:
    """Return the version that says what *draft* does: the last that was sent, or a new one."""
    if draft.case_id is None and slug and not is_slug(slug):
        raise SlugMisspelt
    body = case_in(draft)
    if draft.case_id is None:
        body = body.model_copy(update={"slug": slug}) if slug else body
        case = _new_case(body, draft.owner_id)
    else:
        case = locked_case(body.slug)
    newest = newest_version(case)
    if newest is not None and newest.id == draft.version_id and says(newest, body):
        return newest
    of = db.session.get(CaseVersion, draft.base_id) if draft.base_id else None
    owner = db.session.get_one(User, draft.owner_id)
    return add_version(case, body, author=owner, note=note, of=of, now=now)


def _new_case(body: Case, owner_id: int) -> StoredCase:
    made = db.session.execute(
        insert_unless_present(
            StoredCase, slug=body.slug, owner_id=owner_id, **columns(body)
        ).returning(StoredCase.id)
    ).first()
    if made is None:
        raise SlugTaken
    return locked_case(body.slug)


def _end_earlier(draft: Draft, version: CaseVersion, now: datetime) -> None:
    db.session.execute(
        update(Review)
        .where(
            Review.draft_id == draft.id,
            Review.case_version_id != version.id,
            Review.stage.in_(OPEN_STAGES),
        )
        .values(stage=ReviewStage.WITHDRAWN, decided_at=now)
    )


def ask_reviewer(
    person: User,
    draft: Draft | None,
    version: CaseVersion,
    reviewer: User,
    due_on: date | None,
    now: datetime,
) -> Review | None:
    """Ask *reviewer*, who is fit to, to judge *version*, made of *draft* if it was of one.

    Return the review, of which the reviewer is not told yet; None: there is such a one already.
    """
    made = db.session.scalar(
        insert_unless_present(
            Review,
            draft_id=None if draft is None else draft.id,
            case_version_id=version.id,
            reviewer_id=reviewer.id,
            asked_by_id=person.id,
            asked_at=now,
            due_on=due_on,
            stage=ReviewStage.ASKED,
        ).returning(Review.id)
    )
    return None if made is None else db.session.get_one(Review, made)


def withdraw_review(person: User, review: Review, *, now: datetime) -> None:
    """Take back that a review was asked for, as who sent it or may write in its draft.

    Raises:
        NotFound: the person has no part in it.
        NotWithdrawable: it is decided.
    """
    draft = None if review.draft_id is None else _locked(review.draft_id)
    if person.id != review.asked_by_id and (draft is None or person.id not in writers_of(draft)):
        raise NotFound
    if not end_review(review, reason="", now=now):
        raise NotWithdrawable
    record(person, "review.withdraw", "review", review.id, now=now)


class NotWithdrawable(Refusal):
    """The reviewer was faster."""

    message = "This review is over already."


def _locked(draft_id: int) -> Draft:
    draft = db.session.scalar(
        select(Draft)
        .where(Draft.id == draft_id)
        .options(joinedload(Draft.case))
        .with_for_update(of=Draft)
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise NotFound
    return draft
