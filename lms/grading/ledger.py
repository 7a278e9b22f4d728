"""Writing into the ledger of grades, and keeping the score of an attempt true to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.db import db
from lms.grading.models import Grade, GradeState, credit_of
from lms.grading.queries import COUNTS
from question_bank.scoring import EarnedCredit, score

_ATTEMPT, _GRADE = (cast(Table, model.__table__) for model in (Attempt, Grade))

_TOTALS = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("of_attempt"))
    .values(
        score=bindparam("new_score"),
        scored=bindparam("new_scored"),
        waiting=bindparam("new_waiting"),
    )
)

_GRADED = _TOTALS.values(state=AttemptState.GRADED, graded_at=bindparam("moment"))

_APPEND = insert(_GRADE)

_SAID = (Grade.state, Grade.credit_num, Grade.credit_den)


def append(grades: Sequence[Mapping[str, Any]]) -> None:
    """Append *grades*, the columns of each by name, in one statement.

    Nothing else writes grades, and nothing changes one.
    """
    if grades:
        db.session.execute(_APPEND, grades)


@dataclass(frozen=True)
class Judged:
    """What a grade that counts says, and what it brings to the score."""

    state: GradeState
    earned: EarnedCredit


def finish(of: Mapping[int, Sequence[Judged]], *, now: datetime) -> None:
    """Say of attempts that they are graded, with score and counts, in one statement.

    Args:
        of: What the grades of every response say, by the attempt's id.
        now: When it was.
    """
    if of:
        totals = [{"of_attempt": key, **_totals(each)} for key, each in of.items()]
        db.session.execute(_GRADED, [{**each, "moment": now} for each in totals])


def _totals(judged: Sequence[Judged]) -> dict[str, int | None]:
    result = score(each.earned for each in judged)
    return {
        "new_score": result.basis_points if result.possible else None,
        "new_scored": result.items,
        "new_waiting": sum(each.state is GradeState.WAITS for each in judged),
    }


def correct(response_id: int, standing: int, grade: Mapping[str, Any]) -> None:
    """Append *grade* to a response and let it count instead of the one numbered *standing*."""
    number = standing + 1
    append([{**grade, "response_id": response_id, "number": number}])
    db.session.execute(
        update(Response)
        .where(Response.id == response_id)
        .values(grade_number=number)
        .execution_options(synchronize_session=False)
    )


def correct_all(grades: Mapping[int, Mapping[str, Any]]) -> None:
    """Append a grade to each response, by its id, and let it count; `number` is among its columns.

    The caller holds the attempts, so that nobody else appends to them.
    """
    append([{**grade, "response_id": response_id} for response_id, grade in grades.items()])
    db.session.execute(
        update(Response)
        .where(Response.id.in_(list(grades)))
        .values(grade_number=Response.grade_number + 1)
        .execution_options(synchronize_session=False)
    )


def make_way(attempt_id: int) -> None:
    """Let the next grades of a graded attempt, which was reopened, be of the next numbers.

    Until then no grade of it counts. Those there are stay.
    """
    db.session.execute(
        update(Response)
        .where(Response.attempt_id == attempt_id)
        .values(grade_number=Response.grade_number + 1)
        .execution_options(synchronize_session=False)
    )


def hold(*, of_response: int) -> None:
    """Keep everybody else from marking answers of the attempt until the transaction ends.

    What is read after this is what the one before has left.
    """
    of_it = select(Response.attempt_id).where(Response.id == of_response).scalar_subquery()
    db.session.execute(
        select(Attempt.id).where(Attempt.id == of_it).with_for_update(key_share=True)
    )


def score_again(*attempt_ids: int) -> None:
    """Compute score and counts of graded attempts anew from the grades that count.

    The caller holds the attempts: of two that mark at once, the second sees both marks. Two
    statements.
    """
    rows = db.session.execute(
        select(Response.attempt_id, Response.points, Response.approach, Response.topic, *_SAID)
        .join(Grade, COUNTS)
        .where(Response.attempt_id.in_(attempt_ids))
    )
    judged: dict[int, list[Judged]] = {attempt_id: [] for attempt_id in attempt_ids}
    for row in rows:
        credit = credit_of(row.credit_num, row.credit_den)
        earned = EarnedCredit(credit, row.points, row.approach, row.topic)
        judged[row.attempt_id].append(Judged(row.state, earned))
    totals = [{"of_attempt": key, **_totals(each)} for key, each in judged.items()]
    db.session.execute(_TOTALS, totals)
