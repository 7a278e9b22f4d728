"""Reading what is to be marked; nothing here says whose answer it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import Case, Item
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from question_bank.case import Case as CaseBody
from question_bank.items.essay import Essay


@dataclass(frozen=True)
class Waiting:
    """An answer in the list of those to be marked."""

    response_id: int
    case_title: str
    submitted_at: datetime


@dataclass(frozen=True)
class Sheet:
    """An answer with what it answers. `levels` is None until somebody has marked it."""

    response: Response
    case: CaseBody
    item: Essay
    text: str
    levels: tuple[int, ...] | None
    note: str


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.state == AttemptState.GRADED,
        Response.waits.is_(True),
        Item.kind == "essay",
    )


def waiting(*, limit: int, offset: int) -> list[Waiting]:
    """Return what waits to be marked, the longest first."""
    rows = db.session.execute(
        select(Response.id, Case.title, Attempt.submitted_at)
        .join(Response.attempt)
        .join(Response.item)
        .join(Item.case)
        .where(*_waits())
        .order_by(Attempt.submitted_at, Response.id)
        .limit(limit)
        .offset(offset)
    )
    return [Waiting(row.id, row.title, row.submitted_at) for row in rows]


def count_waiting() -> int:
    """Return how many answers wait to be marked."""
    query = select(func.count()).select_from(Response).join(Response.attempt).join(Response.item)
    return db.session.scalar(query.where(*_waits())) or 0


def sheet(response_id: int) -> Sheet:
    """Return an answer of a graded attempt that a person marks.

    Raises:
        NotFound: there is none such.
    """
    response = db.session.scalar(
        select(Response)
        .join(Response.attempt)
        .where(
            Response.id == response_id,
            Response.answer.is_not(None),
            Attempt.state == AttemptState.GRADED,
        )
        .options(
            joinedload(Response.item), joinedload(Response.version), joinedload(Response.attempt)
        )
        .execution_options(populate_existing=True)
    )
    if response is None or response.left_out:
        raise NotFound
    body = parsed(response.version)
    item = item_of(body, response.item.key)
    if not isinstance(item, Essay):
        raise NotFound
    return Sheet(
        response=response,
        case=body,
        item=item,
        text=str((response.answer or {}).get("text", "")),
        levels=None if response.marks is None else tuple(response.marks),
        note=response.mark_note or "",
    )
