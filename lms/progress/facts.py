"""Reading what graded first attempts say, item by item."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.release import keys_open
from lms.core.db import db
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS, news_at
from lms.quizzes.terms import Pair
from question_bank.analysis.progress import Fact

UNFORESEEN = datetime.max.replace(tzinfo=UTC)
"""Until when what is shut is hidden, if nobody can say yet when it opens."""

_FACTS = (
    select(
        Attempt.fellow_id,
        Response.attempt_id,
        Response.item_id,
        Response.case_version_id,
        Response.approach,
        Response.topic,
        Grade.credit_num,
        Grade.credit_den,
        Grade.harms,
        Grade.graded_at,
        news_at().label("news_at"),
        Attempt.submitted_at,
        Attempt.assignment_id,
    )
    .select_from(Response)
    .join(Response.attempt)
    .join(Grade, COUNTS)
    .where(
        Attempt.state == AttemptState.GRADED,
        Attempt.number == 1,
        Grade.state == GradeState.EARNED,
        ~Response.formative,
    )
    .order_by(Attempt.submitted_at, Attempt.id, Response.position)
)


def graded_facts(
    fellow_ids: Iterable[int],
    *,
    since: datetime | None,
    until: datetime | None,
    reader_id: int | None = None,
) -> list[Fact]:
    """Return what the first attempts of fellows say, item by item, in one statement.

    In four, if the reader is one of them, whose own keys may be shut.

    Items that had to be left out, wait for a person or are formative are absent. In order of
    submission, then position.

    Args:
        fellow_ids: Whose attempts.
        since: Only what was handed in, became news or was corrected at or after this moment;
            None: from the start.
        until: Only what became news before this moment; None: up to now. So what waited for its
            grade or its marks over a digest's end is in the next digest.
        reader_id: Who is told; of the own answers it is said until when they are hidden.
    """
    query = _FACTS.where(Attempt.fellow_id.in_(list(fellow_ids)))
    if since is not None:
        query = query.where(Grade.graded_at >= since)  # no grade is older than the handing in
    if until is not None:
        query = query.where(news_at() < until)
    rows = db.session.execute(query).all()
    opening = keys_open(
        (row.assignment_id, row.fellow_id) for row in rows if row.fellow_id == reader_id
    )
    return [_fact(row, opening, reader_id) for row in rows]


def _fact(
    row: Row[*tuple[Any, ...]], opening: Mapping[Pair, datetime], reader_id: int | None
) -> Fact:
    return Fact(
        fellow_id=row.fellow_id,
        attempt_id=row.attempt_id,
        item_id=row.item_id,
        case_version_id=row.case_version_id,
        approach=row.approach,
        topic=row.topic,
        credit=Fraction(row.credit_num, row.credit_den),
        submitted_at=row.submitted_at,
        news_at=row.news_at,
        graded_at=row.graded_at,
        harmful=bool(row.harms),
        hidden_until=opening.get((row.assignment_id, row.fellow_id), UNFORESEEN)
        if row.fellow_id == reader_id
        else None,
    )
