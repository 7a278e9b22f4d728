"""Loading the first answers that goals count, in a fixed number of statements."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, or_, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.db import db
from lms.exposure.models import Exposure
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.progress.facts import HANDED_IN_AT, graded_facts
from lms.results.withheld import ANYBODY
from question_bank.analysis.progress import Fact
from question_bank.goals import CountedAnswer

_WAITING = (
    select(
        Exposure.fellow_id,
        Response.approach,
        Response.topic,
        HANDED_IN_AT.label("handed_in_at"),
        Response.attempt_id,
        Response.id.label("response_id"),
    )
    .join(Response, Response.id == Exposure.response_id)
    .join(Response.attempt)
    .outerjoin(Grade, COUNTS)
    .where(
        ~Response.formative,
        Attempt.state != AttemptState.IN_PROGRESS,
        or_(
            Attempt.state == AttemptState.SUBMITTED,
            Grade.state.is_(None),
            Grade.state == GradeState.WAITS,
        ),
    )
)
"""First answers that are handed in and have no grade as yet, or wait for a person's marks."""


class FirstAnswer(NamedTuple):
    """A first answer of a fellow, and what it was about."""

    fellow_id: int
    approach: str
    topic: str
    answer: CountedAnswer


def first_answers(fellow_ids: Iterable[int], *, now: datetime) -> list[FirstAnswer]:
    """Return the first answers of fellows, as far as a mentor may know *now* how these went.

    The fellow knows it no later, but what is counted is the same for both of them, and tells of no
    accommodation. Of the others it is known that they are there. What had to be left out is not
    among them. At most sixteen statements.
    """
    ids = list(fellow_ids)
    facts = graded_facts(ids, until=None, now=now, told_to=ANYBODY)
    graded = [_graded(fact, now) for fact in facts]
    waiting = db.session.execute(_WAITING.where(Exposure.fellow_id.in_(ids)))
    return [*graded, *(_waiting(row) for row in waiting)]


def _waiting(row: Row[*tuple[Any, ...]]) -> FirstAnswer:
    answer = CountedAnswer(row.handed_in_at, row.attempt_id, row.response_id, credit=None)
    return FirstAnswer(row.fellow_id, row.approach, row.topic, answer)


def _graded(fact: Fact, now: datetime) -> FirstAnswer:
    credit = fact.credit if fact.is_told(now) else None
    return FirstAnswer(
        fact.fellow_id,
        fact.approach,
        fact.topic,
        CountedAnswer(fact.handed_in_at, fact.attempt_id, fact.response_id, credit),
    )


def still_closing(fellow_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Return which of the fellows have an attempt whose time is over, but which runs as yet.

    The sweep hands it in within a minute; where its quiz gives it grace, after that, which is up
    to a day.
    """
    running = select(Attempt.fellow_id).where(
        Attempt.fellow_id.in_(list(fellow_ids)),
        Attempt.state == AttemptState.IN_PROGRESS,
        Attempt.deadline_at <= now,
    )
    return set(db.session.scalars(running))
