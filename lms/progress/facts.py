"""Reading what graded first attempts say, item by item."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.db import db
from lms.quizzes.models import Assignment
from question_bank.analysis.progress import Fact

_FACTS = (
    select(
        Attempt.fellow_id,
        Response.attempt_id,
        Response.item_id,
        Response.case_version_id,
        Response.approach,
        Response.topic,
        Response.credit_num,
        Response.credit_den,
        Attempt.submitted_at,
        Attempt.graded_at,
        Response.harmful,
        Assignment.hidden_until.label("hidden_until"),
    )
    .select_from(Response)
    .join(Response.attempt)
    .join(Attempt.assignment)
    .where(
        Attempt.state == AttemptState.GRADED,
        Attempt.number == 1,
        Response.credit_num.is_not(None),
        ~Response.formative,
    )
    .order_by(Attempt.submitted_at, Attempt.id, Response.position)
)


def graded_facts(
    fellow_ids: Iterable[int], *, since: datetime | None, until: datetime | None
) -> list[Fact]:
    """Return what the first attempts of fellows say, item by item, in one statement.

    Items that had to be left out, wait for a person or are formative are absent. In order of
    submission, then position.

    Args:
        fellow_ids: Whose attempts.
        since: Only attempts *graded* at or after this moment; None: from the start.
        until: Only attempts graded before this moment; None: up to now. It is the grading that
            counts, so that an attempt that waited over a digest's end is in the next digest.
    """
    query = _FACTS.where(Attempt.fellow_id.in_(list(fellow_ids)))
    if since is not None:
        query = query.where(Attempt.graded_at >= since)
    if until is not None:
        query = query.where(Attempt.graded_at < until)
    return [_fact(row) for row in db.session.execute(query)]


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    return Fact(
        fellow_id=row.fellow_id,
        attempt_id=row.attempt_id,
        item_id=row.item_id,
        case_version_id=row.case_version_id,
        approach=row.approach,
        topic=row.topic,
        credit=Fraction(row.credit_num, row.credit_den),
        submitted_at=row.submitted_at,
        graded_at=row.graded_at,
        harmful=row.harmful,
        hidden_until=row.hidden_until,
    )
