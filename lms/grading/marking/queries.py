"""Reading what a rater may mark: never the own answers. Nothing here says whose answer it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import Item, StoredCase
from lms.cases.queries import item_of, shown
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of
from lms.grading.models import Grade, GradeState, Marking
from lms.grading.queries import COUNTS
from question_bank.case import Case as CaseBody
from question_bank.items.essay import Essay

PAGE = 30
"""How many answers a page lists."""


@dataclass(frozen=True)
class Waiting:
    """An answer in the list of those to be marked."""

    response_id: int
    case_title: str
    submitted_at: datetime


@dataclass(frozen=True)
class AnswerToMark:
    """An answer with what it answers. `newest_id` and `newest_by` say of its newest mark.

    These and `levels` are None until somebody has marked it. `grade` is the one that counts.
    """

    response: Response
    grade: Grade
    case: CaseBody
    item: Essay
    text: str
    levels: tuple[int, ...] | None
    note: str
    newest_id: int | None
    newest_by: int | None


def _waits_for(rater_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.state == AttemptState.GRADED,
        Attempt.waiting > 0,  # so that no database looks at the grades of others
        Attempt.fellow_id != rater_id,
        Grade.state == GradeState.WAITS,
    )


def waiting(rater_id: int, page: int, *, size: int = PAGE) -> Page[Waiting]:
    """Return a page of what waits to be marked by a rater, the longest first."""
    query = (
        select(Response.id, StoredCase.title, Attempt.submitted_at)
        .join(Response.attempt)
        .join(Grade, COUNTS)
        .join(Response.item)
        .join(Item.case)
        .where(*_waits_for(rater_id))
        .order_by(Attempt.submitted_at, Response.id)
    )
    return page_of(
        query, page, size=size, read=lambda row: Waiting(row.id, row.title, row.submitted_at)
    )


def count_waiting(rater_id: int) -> int:
    """Return how many answers wait to be marked by a rater."""
    waits = func.coalesce(func.sum(Attempt.waiting), 0)
    return db.session.scalar(select(waits).where(Attempt.fellow_id != rater_id)) or 0


def answer_to_mark(rater_id: int, response_id: int) -> AnswerToMark:
    """Return an answer of a graded attempt that a rater may mark.

    Raises:
        NotFound: there is none such, or it is the rater's own.
    """
    row = db.session.execute(
        select(Response, Grade, Marking)
        .join(Response.attempt)
        .join(Grade, COUNTS)
        .outerjoin(Marking, Marking.id == Grade.marking_id)
        .where(
            Response.id == response_id,
            Response.answer.is_not(None),
            Grade.state.not_in((GradeState.LEFT_OUT, GradeState.WITHHELD)),
            Attempt.state == AttemptState.GRADED,
            Attempt.fellow_id != rater_id,
        )
        .options(joinedload(Response.item), joinedload(Response.version))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    response, grade, newest = row
    body = shown(response.version)
    item = item_of(body, response.item.key)
    if not isinstance(item, Essay):
        raise NotFound
    return AnswerToMark(
        response=response,
        grade=grade,
        case=body,
        item=item,
        text=str((response.answer or {}).get("text", "")),
        levels=tuple(newest.levels) if newest else None,
        note=newest.note if newest else "",
        newest_id=newest.id if newest else None,
        newest_by=newest.rater_id if newest else None,
    )
