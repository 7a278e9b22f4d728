"""What fellows said in own words of their weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.attempts.models import Attempt
from lms.core.db import db
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from lms.results.models import OwnWords


@dataclass(frozen=True)
class WordsSaid:
    """What a fellow said on the result of a quiz, and when."""

    text: str
    title: str
    at: datetime


def words_on(attempt_id: int) -> str:
    """Return what the fellow said on the result of an attempt; empty: nothing."""
    row = db.session.get(OwnWords, attempt_id)
    return row.text if row else ""


def words_of(
    fellow_ids: Iterable[int], *, since: datetime, until: datetime
) -> dict[int, list[WordsSaid]]:
    """Return what each fellow said from *since* up to before *until*, newest first.

    One statement. Who said nothing is left out.
    """
    rows = db.session.execute(
        select(Attempt.fellow_id, OwnWords.text, Quiz.title, OwnWords.written_at)
        .select_from(OwnWords)
        .join(Attempt, Attempt.id == OwnWords.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(QuizVersion, QuizVersion.id == Assignment.quiz_version_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .where(
            Attempt.fellow_id.in_(list(fellow_ids)),
            OwnWords.written_at >= since,
            OwnWords.written_at < until,
        )
        .order_by(OwnWords.written_at.desc(), OwnWords.attempt_id.desc())
    )
    said: dict[int, list[WordsSaid]] = {}
    for row in rows:
        said.setdefault(row.fellow_id, []).append(WordsSaid(row.text, row.title, row.written_at))
    return said
