"""Where a case is used, by whom, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Result, Select, func, or_, select

from lms.cases.models import Item
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Cohort
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem, QuizVersion

MOST = 50
"""How many quizzes are listed, the latest first."""


@dataclass(frozen=True)
class GivenOn:
    """That a quiz with the case was assigned: to whom, by whom and when."""

    to: str
    by: str
    at: datetime


@dataclass(frozen=True)
class UsedIn:
    """A quiz that has items of the case, or had in an earlier version of it."""

    quiz_id: int
    title: str
    owner: str
    since: datetime
    given: list[GivenOn] = field(default_factory=list)


def usage_of(case_id: int) -> list[UsedIn]:
    """Return the quizzes that use a case, the latest first, in two statements.

    Whom it was given to is named for cohorts; an assignment to single fellows is counted as one.
    """
    since = func.min(QuizVersion.created_at)
    rows = db.session.execute(
        select(Quiz.id, Quiz.title, User.name, since)
        .join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        .join(User, User.id == Quiz.owner_id)
        .where(QuizVersion.id.in_(_versions_with(case_id)))
        .group_by(Quiz.id, Quiz.title, User.name)
        .order_by(since.desc(), Quiz.id.desc())
        .limit(MOST)
    )
    used = {row[0]: UsedIn(*row) for row in rows}
    for quiz_id, cohort, by, at in _assignments(case_id, used):
        used[quiz_id].given.append(GivenOn(cohort or "Single fellows", by, at))
    return list(used.values())


def _versions_with(case_id: int) -> Select[int]:
    return (
        select(QuizItem.quiz_version_id)
        .join(Item, Item.id == QuizItem.item_id)
        .where(Item.case_id == case_id)
    )


def _assignments(case_id: int, quiz_ids: Iterable[int]) -> Result[int, str | None, str, datetime]:
    return db.session.execute(
        select(QuizVersion.quiz_id, Cohort.name, User.name, Assignment.created_at)
        .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
        .join(User, User.id == Assignment.created_by)
        .join(Audience, Audience.assignment_id == Assignment.id)
        .outerjoin(Cohort, Cohort.id == Audience.cohort_id)
        .where(
            QuizVersion.quiz_id.in_(list(quiz_ids)),
            QuizVersion.id.in_(_versions_with(case_id)),
            or_(Assignment.withdrawn_at.is_(None), Assignment.begun_at.is_not(None)),
        )
        .distinct()
        .order_by(Assignment.created_at, Cohort.name)
    )
