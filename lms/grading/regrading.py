"""Bringing grades in line with what is withheld: new ones are appended, none is changed.

The act itself only notes that an item is to be regraded; what follows is done in batches, each a
transaction, and finds by itself what is left. So it can be broken off, and run twice at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, update
from sqlalchemy.orm import aliased

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import Item
from lms.cases.withholding import is_out
from lms.core.db import db
from lms.grading import ledger
from lms.grading.judging import ASKED, Judgment, judge
from lms.grading.models import Grade, GradeCause, GradeState
from lms.grading.queries import COUNTS
from lms.grading.services import graded

AT_ONCE = 200
"""How many attempts one transaction regrades."""

_BEFORE = aliased(Grade)
"""The grade that counted before the item was withheld."""

_KEPT = ("state", "credit_num", "credit_den", "harms", "case_version_id", "marking_id", "graded_by")


def to_regrade() -> list[int]:
    """Return the ids of the items whose grades are to be brought in line, in order."""
    due = select(Item.id).where(Item.regrade_since.is_not(None)).order_by(Item.id)
    return list(db.session.scalars(due))


def regrade_some(item_id: int, *, now: datetime) -> bool:
    """Regrade the next attempts that asked an item; return whether there may be more.

    What is graded at this moment is waited for: its worker may have read the item as it was. When
    nothing is left, the item is noted to be in line. As many statements for many attempts as for
    few.
    """
    since = db.session.scalar(select(Item.regrade_since).where(Item.id == item_id))
    if since is None:
        return False
    _wait_for_graders(item_id)
    found = _attempts_not_in_line(item_id)
    if not found:
        db.session.execute(
            update(Item)
            .where(Item.id == item_id, Item.regrade_since == since)
            .values(regrade_since=None)
        )
        return False
    held = select(Attempt.id).where(Attempt.id.in_(found), Attempt.state == AttemptState.GRADED)
    attempts = list(db.session.scalars(_locked(held)))
    grades = _grades_in_line(item_id, attempts, now)
    if grades:
        ledger.correct_all(grades)
        ledger.score_again(*attempts)
    return True


def _wait_for_graders(item_id: int) -> None:
    asked = select(Response.attempt_id).where(Response.item_id == item_id)
    db.session.execute(
        _locked(
            select(Attempt.id).where(Attempt.state == AttemptState.SUBMITTED, Attempt.id.in_(asked))
        )
    )


def _locked(query: Select[int]) -> Select[int]:
    return query.order_by(Attempt.id).with_for_update(key_share=True)


def _not_in_line(item_id: int) -> ColumnElement[bool]:
    """Return whether the grade that counts says something else than `is_out` does."""
    withheld = Grade.state == GradeState.WITHHELD
    return and_(Response.item_id == item_id, is_out(Response.case_version_id) != withheld)


def _attempts_not_in_line(item_id: int) -> list[int]:
    query = (
        select(Response.attempt_id)
        .join(Response.attempt)
        .join(Response.item)
        .join(Grade, COUNTS)
        .where(Attempt.state == AttemptState.GRADED, _not_in_line(item_id))
        .order_by(Response.attempt_id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(query))


def _grades_in_line(
    item_id: int, attempt_ids: Sequence[int], now: datetime
) -> dict[int, Mapping[str, Any]]:
    """Return the next grade of each response that needs one, by its id; the attempts are held."""
    rows = db.session.execute(
        ASKED.add_columns(
            Grade.why.label("standing_why"),
            *(getattr(_BEFORE, name).label(f"before_{name}") for name in _KEPT),
        )
        .join(Grade, COUNTS)
        .outerjoin(
            _BEFORE,
            and_(_BEFORE.response_id == Response.id, _BEFORE.number == Response.grade_number - 1),
        )
        .where(Response.attempt_id.in_(attempt_ids), _not_in_line(item_id))
    ).all()
    anew = [row for row in rows if row.is_out or row.standing_why is not GradeCause.WITHHELD]
    judgments = judge(anew, now=now)
    return {row.id: _next_grade(row, judgments.get(row.id), now) for row in rows}


def _next_grade(row: Row[Any], judgment: Judgment | None, now: datetime) -> Mapping[str, Any]:
    """Return the grade that is to count: that of before, or else what is judged now.

    That of before is a copy, with the marks it rests on; what was handed in while the item was
    withheld has none, and is judged as any answer is.
    """
    to_come = {"number": row.grade_number + 1, "graded_at": now}
    if judgment is None:
        kept = {name: getattr(row, f"before_{name}") for name in _KEPT}
        return {**kept, **to_come, "why": GradeCause.RESTORED}
    why = GradeCause.WITHHELD if row.is_out else GradeCause.RESTORED
    return {**graded(row, judgment, now), **to_come, "why": why, "marking_id": None}
