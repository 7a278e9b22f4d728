"""What went another way than it should in attempts, for people to look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.core.db import db
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.operations.queries import PAGE
from lms.people.models import User
from lms.quizzes.models import Assignment, Quiz, QuizVersion


@dataclass(frozen=True)
class SetAside:
    """An attempt whose grading crashed too often; its answers are kept."""

    attempt_id: int
    fellow: str
    quiz: str
    submitted_at: datetime
    flagged_at: datetime


@dataclass(frozen=True)
class LeftOut:
    """An item that could not be graded in this version, and how many attempts go without it."""

    slug: str
    title: str
    item: str
    version: int
    author: str | None
    attempts: int


def set_aside() -> list[SetAside]:
    """Return attempts that wait for people, the oldest first; a page of them at most."""
    facts: tuple[Any, ...] = (
        Attempt.id, User.name, Quiz.title, Attempt.submitted_at, Attempt.flagged_at
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .select_from(Attempt)
        .join(User, User.id == Attempt.fellow_id)
        .join(Attempt.assignment)
        .join(Assignment.version)
        .join(QuizVersion.quiz)
        .where(Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_not(None))
        .order_by(Attempt.flagged_at, Attempt.id)
        .limit(PAGE)
    )
    return [SetAside(*row) for row in rows]


def count_set_aside() -> int:
    """Return how many attempts wait for people."""
    waiting = select(func.count()).where(
        Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_not(None)
    )
    return db.session.scalar(waiting) or 0


def left_out() -> list[LeftOut]:
    """Return items left out of scores, those of the most attempts first; a page at most."""
    named = (StoredCase.slug, StoredCase.title, Item.key, CaseVersion.number, User.name)
    rows = db.session.execute(
        select(*named, func.count())
        .select_from(Response)
        .join(Grade, COUNTS)
        .join(Response.item)
        .join(CaseVersion, CaseVersion.id == Grade.case_version_id)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
        .outerjoin(User, User.id == CaseVersion.author_id)
        .where(Grade.state == GradeState.LEFT_OUT)
        .group_by(*named)
        .order_by(func.count().desc(), StoredCase.slug, Item.key, CaseVersion.number)
        .limit(PAGE)
    )
    return [LeftOut(*row) for row in rows]
