"""Reading what those who run the program may have to be told of, in a statement each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from lms.attempts.models import Attempt, AttemptState, RefusedAnswer, Response, ResponseEvent
from lms.attempts.queries import REFUSED_LAST
from lms.core.db import db
from lms.core.mail import MailState, Message
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.notices.models import Notice
from lms.quizzes.models import Assignment, Quiz, QuizVersion


@dataclass(frozen=True)
class EssaysOfFellow:
    """How many written answers of a fellow wait for marks, and since when the newest does."""

    assignment_id: int
    title: str
    fellow_id: int
    count: int
    newest: datetime


def essays_waiting() -> list[EssaysOfFellow]:
    """Return the written answers that wait to be marked, by assignment and fellow."""
    rows = db.session.execute(
        select(
            Attempt.assignment_id,
            Quiz.title,
            Attempt.fellow_id,
            func.count(Response.id),
            func.max(Grade.graded_at),
        )
        .select_from(Attempt)
        .join(Response, Response.attempt_id == Attempt.id)
        .join(Grade, COUNTS)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .where(
            Attempt.state == AttemptState.GRADED,
            Attempt.waiting > 0,
            Grade.state == GradeState.WAITS,
        )
        .group_by(Attempt.assignment_id, Quiz.title, Attempt.fellow_id)
        .order_by(Attempt.assignment_id, Attempt.fellow_id)
    )
    return [EssaysOfFellow(*row) for row in rows]


def failed_at(since: datetime, now: datetime, *, but: str) -> Sequence[datetime]:
    """Return when mails failed, or were left uncertain, after *since*, of all kinds *but* one.

    To be told by: a mail is never written as having failed before a moment that has passed.
    """
    return db.session.scalars(
        select(Message.next_try_at).where(
            Message.state.in_((MailState.FAILED, MailState.UNCERTAIN)),
            Message.next_try_at > since,
            Message.next_try_at <= now,
            Message.kind != but,
        )
    ).all()


def late_at(since: datetime, until: datetime) -> Sequence[datetime]:
    """Return when the newest answer came to each response that got one too late."""
    newest = func.max(ResponseEvent.received_at)
    return db.session.scalars(
        select(newest)
        .where(ResponseEvent.late)
        .group_by(ResponseEvent.response_id)
        .having(newest > since, newest <= until)
    ).all()


def refused_at(since: datetime, until: datetime) -> Sequence[datetime]:
    """Return since when each response has a refused answer that nothing can follow any more."""
    closed_at = func.coalesce(Attempt.submitted_at, Attempt.deadline_at)
    newest = func.max(
        case((RefusedAnswer.received_at > closed_at, RefusedAnswer.received_at), else_=closed_at)
    )
    return db.session.scalars(
        select(newest)
        .select_from(RefusedAnswer)
        .join(Response, Response.id == RefusedAnswer.response_id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(REFUSED_LAST, Attempt.state != AttemptState.IN_PROGRESS)
        .group_by(Response.id)
        .having(newest > since, newest <= until)
    ).all()


def last_told(kind: str, people: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """Return when each of the people was told last of *kind*, by person and object."""
    last = func.max(Notice.at)
    rows = db.session.execute(
        select(Notice.user_id, Notice.object_id, last)
        .where(Notice.kind == kind, Notice.user_id.in_(list(people)))
        .group_by(Notice.user_id, Notice.object_id)
    )
    return {(user_id, object_id): at for user_id, object_id, at in rows}
