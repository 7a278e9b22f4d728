"""Reading what a rater may mark: never the own answers. Nothing here says whose answer it is."""

from collections.abc import Sequence
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
from lms.grading.marking.models import Marking
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

    These and `levels` are None until somebody has marked it.
    """

    response: Response
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
        Attempt.fellow_id != rater_id,
        Response.waits.is_(True),
    )


def waiting(rater_id: int, page: int, *, size: int = PAGE) -> Page[Waiting]:
    """Return a page of what waits to be marked by a rater, the longest first."""
    query = (
        select(Response.id, StoredCase.title, Attempt.submitted_at)
        .join(Response.attempt)
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
    query = select(func.count()).select_from(Response).join(Response.attempt)
    return db.session.scalar(query.where(*_waits_for(rater_id))) or 0


def first_marks(fellow_ids: Sequence[int], *, since: datetime) -> dict[tuple[int, int], datetime]:
    """Return when answers were first marked, by attempt and item, if at or after *since*."""
    first = func.min(Marking.marked_at)
    rows = db.session.execute(
        select(Response.attempt_id, Response.item_id, first.label("moment"))
        .join(Marking, Marking.response_id == Response.id)
        .join(Response.attempt)
        .where(Attempt.fellow_id.in_(fellow_ids))
        .group_by(Response.attempt_id, Response.item_id)
        .having(first >= since)
    )
    return {(row.attempt_id, row.item_id): row.moment for row in rows}


def answer_to_mark(rater_id: int, response_id: int, *, lock: bool = False) -> AnswerToMark:
    """Return an answer of a graded attempt that a rater may mark.

    *lock*: nobody else marks it until the transaction ends.

    Raises:
        NotFound: there is none such, or it is the rater's own.
    """
    query = (
        select(Response)
        .join(Response.attempt)
        .where(
            Response.id == response_id,
            Response.answer.is_not(None),
            Attempt.state == AttemptState.GRADED,
            Attempt.fellow_id != rater_id,
        )
        .options(
            joinedload(Response.item), joinedload(Response.version), joinedload(Response.attempt)
        )
        .execution_options(populate_existing=True)
    )
    response = db.session.scalar(query.with_for_update(of=Response) if lock else query)
    if response is None or response.left_out:
        raise NotFound
    body = shown(response.version)
    item = item_of(body, response.item.key)
    if not isinstance(item, Essay):
        raise NotFound
    newest = db.session.scalar(
        select(Marking)
        .where(Marking.response_id == response_id)
        .order_by(Marking.id.desc())
        .limit(1)
    )
    return AnswerToMark(
        response=response,
        case=body,
        item=item,
        text=str((response.answer or {}).get("text", "")),
        levels=None if response.marks is None else tuple(response.marks),
        note=response.mark_note or "",
        newest_id=newest.id if newest else None,
        newest_by=newest.rater_id if newest else None,
    )
