"""What a reviewer does: answers blind, judges, comments, and decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from lms.authoring.models import CommentEnd, Draft, DraftState, Review, ReviewComment, ReviewStage
from lms.authoring.reviews.contents import SURE
from lms.authoring.reviews.letters import tell_advanced, tell_returned
from lms.authoring.reviews.wording import QUESTIONS
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from question_bank.reviewing import next_review


class AnsweredAlready(Refusal):
    """Blind answers stand as they were given first."""

    message = "You have answered this case already. What you chose then is kept."


class Decided(Refusal):
    """Nothing can be changed of a review that is over."""

    message = "This review is over, so nothing of it was changed."


class NewerVersion(Refusal):
    """What was read is not what is proposed any more."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Version {number} came while you read. Nothing was sent.")
        self.number = number


class NothingToMend(Invalid):
    """A case goes back, and its author is not told why."""

    def __init__(self) -> None:
        super().__init__(
            "Say what should change first: comment on words, or answer a question with No.",
            field="reason",
        )


class NotYetAdvanced(Invalid):
    """Something is open, and the reviewer does not say why the case may go on."""


def keep_blind_answers(
    person: User,
    review: Review,
    answers: Mapping[str, Any],
    *,
    sure: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Keep what the reviewer chose before the key was shown, once: *answers* by item key.

    *sure*: how sure that was, as `Confidence` has it, by item key; of some items it is not said.

    Raises:
        AnsweredAlready: they are kept, or the review is over.
    """
    kept_answers = {**answers, SURE: dict(sure)} if sure else dict(answers)
    kept = db.session.scalar(
        update(Review)
        .where(
            Review.id == review.id,
            Review.reviewer_id == person.id,
            Review.stage == ReviewStage.ASKED,
        )
        .values(answers=kept_answers, answered_at=now, stage=ReviewStage.ANSWERED)
        .returning(Review.id)
    )
    if kept is None:
        raise AnsweredAlready
    record(person, "review.answer", "review", review.id, now=now)


def judge(
    person: User,
    review: Review,
    questions: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, int],
) -> None:
    """Keep what the reviewer says so far.

    Args:
        person: The reviewer.
        review: The review, answered blind.
        questions: By the name of each question that was answered: `yes`, and what is `missing`.
        expected: The share of fellows, in percent, who will be right, by item key.

    Raises:
        Decided: it is over, or not answered yet.
    """
    _change_open(person, review, questions=dict(questions), expected=dict(expected))


def comment(
    person: User, review: Review, *, path: str, quoted: str, text: str, now: datetime
) -> ReviewComment:
    """Pin *text* to *quoted* words at *path* of the version.

    Raises:
        Decided: the review is over, or not answered yet.
    """
    _change_open(person, review, stage=ReviewStage.ANSWERED)
    said = ReviewComment(review_id=review.id, path=path, quoted=quoted, text=text, at=now)
    db.session.add(said)
    db.session.flush()
    return said


def change_comment(person: User, review: Review, comment_id: int, text: str) -> None:
    """Have a comment of an open review say *text*.

    Raises:
        Decided: the review is over.
        NotFound: it has no such comment.
    """
    _change_open(person, review, stage=ReviewStage.ANSWERED)
    of_it = (ReviewComment.id == comment_id, ReviewComment.review_id == review.id)
    changed = update(ReviewComment).where(*of_it).values(text=text).returning(ReviewComment.id)
    if db.session.scalar(changed) is None:
        raise NotFound


def remove_comment(person: User, review: Review, comment_id: int) -> None:
    """Take a comment of an open review back; there may be none any more.

    Raises:
        Decided: the review is over.
    """
    _change_open(person, review, stage=ReviewStage.ANSWERED)
    of_it = (ReviewComment.id == comment_id, ReviewComment.review_id == review.id)
    db.session.execute(delete(ReviewComment).where(*of_it))


def give_back(person: User, review: Review, *, now: datetime) -> int:
    """Return the case to its author; return how many comments it goes with.

    Raises:
        Decided: the review is over, or not answered yet.
        NewerVersion: another version is proposed meanwhile.
        NothingToMend: it has no comment, and no question is answered with No.
    """
    _check_newest(review)
    _change_open(person, review, stage=ReviewStage.RETURNED, decided_at=now)
    count = db.session.scalar(select(func.count()).where(ReviewComment.review_id == review.id)) or 0
    if not count and all(each["yes"] for each in review.questions.values()):
        raise NothingToMend
    _move_draft(review, DraftState.RETURNED)
    record(person, "review.return", "review", review.id, now=now, after={"comments": count})
    tell_returned(review, person, now=now)
    return count


def advance(person: User, review: Review, *, reason: str, now: datetime) -> None:
    """Say that the case is fit to be published; one that is in use is good for a time anew.

    Raises:
        Decided: the review is over, or not answered yet.
        NewerVersion: another version is proposed meanwhile.
        NotYetAdvanced: a question is open, or answered with No and no reason is given.
    """
    _check_newest(review)
    said = [review.questions.get(question.name) for question in QUESTIONS]
    if None in said:
        raise NotYetAdvanced("Answer all seven questions first.", field="important")
    comments = select(func.count()).where(ReviewComment.review_id == review.id)
    if not reason and any(not each["yes"] for each in said if each):
        raise NotYetAdvanced("Say why the case may advance with a No.", field="reason")
    if not reason and db.session.scalar(comments):
        raise NotYetAdvanced("Say why the case may advance with open comments.", field="reason")
    _change_open(person, review, stage=ReviewStage.ADVANCED, decided_at=now, reason=reason.strip())
    _keep_good(review, now)
    record(person, "review.advance", "review", review.id, now=now)
    tell_advanced(review, person, now=now)


def _keep_good(review: Review, now: datetime) -> None:
    """Have the case be good for as long as a review is, if what was read is what is in use."""
    version = db.session.get_one(CaseVersion, review.case_version_id)
    db.session.execute(
        update(StoredCase)
        .where(StoredCase.id == version.case_id, StoredCase.current_id == version.id)
        .values(review_by=next_review(now.date(), parsed(version).focus))
    )


def settle(
    person: User, comment_id: int, end: CommentEnd, because: str, *, now: datetime
) -> ReviewComment:
    """Say of a comment of a returned review that it is mended, or why the author disagrees.

    What was said last holds, until the case is sent again.

    Raises:
        NotFound: there is no such comment.
        Invalid: the author disagrees and does not say why.
    """
    said = db.session.get(ReviewComment, comment_id, populate_existing=True)
    if said is None:
        raise NotFound
    if end is CommentEnd.DISAGREED and not because.strip():
        raise Invalid("Say why you disagree.", field="because")
    said.settled, said.settled_by_id, said.settled_at = end, person.id, now
    said.because = because.strip()
    return said


def _check_newest(review: Review) -> None:
    of_case = select(CaseVersion.case_id).where(CaseVersion.id == review.case_version_id)
    newest = db.session.execute(
        select(CaseVersion.id, CaseVersion.number)
        .where(CaseVersion.case_id == of_case.scalar_subquery())
        .order_by(CaseVersion.number.desc())
        .limit(1)
    ).one()
    if newest.id != review.case_version_id:
        raise NewerVersion(newest.number)


def _change_open(person: User, review: Review, **values: object) -> None:
    """Change *review* only if, in the database, its reviewer is at it at this moment."""
    changed = db.session.scalar(
        update(Review)
        .where(
            Review.id == review.id,
            Review.reviewer_id == person.id,
            Review.stage == ReviewStage.ANSWERED,
        )
        .values(**values)
        .returning(Review.id)
    )
    if changed is None:
        raise Decided
    db.session.refresh(review, ["stage", "questions", "expected"])


def _move_draft(review: Review, state: DraftState) -> None:
    """Have the draft that was reviewed stand at *state*, if this is what was sent of it last."""
    db.session.execute(
        update(Draft)
        .where(
            Draft.id == review.draft_id,
            Draft.version_id == review.case_version_id,
            Draft.state == DraftState.IN_REVIEW,
        )
        .values(state=state)
    )
