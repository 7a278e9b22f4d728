"""What a fellow sees while answering. Nothing here carries a key or a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select

from lms.attempts.models import Confidence, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import VersionToShow, item_of, shown
from lms.cases.withholding import is_out
from lms.core.db import db
from lms.core.errors import NotFound
from lms.taking.paper import Paper
from lms.taking.shown_order import as_shown
from question_bank.case import Case
from question_bank.items import ItemForFellow, Json
from question_bank.paper import Part, PlacedItem, parts_of


@dataclass(frozen=True)
class Sheet:
    """One case of an attempt, as far as it has unfolded. `number` is from 1.

    `reached` is the stage that is open, from 0; `unfolds`: a later one waits for its answers.
    `withheld` are the positions of items that do not count, and since when; None: since before a
    mend.
    """

    number: int
    title: str
    parts: tuple[Part, ...]
    reached: int
    unfolds: bool
    withheld: Mapping[int, datetime | None] = field(default_factory=dict)

    @property
    def places(self) -> tuple[PlacedItem, ...]:
        """The items that have appeared."""
        return tuple(place for part in self.parts for place in part.places)


_RESPONSE, _ITEM, _VERSION = (
    cast(Table, model.__table__) for model in (Response, Item, CaseVersion)
)

_PLACES = (
    select(
        _RESPONSE.c.position,
        _RESPONSE.c.points,
        _RESPONSE.c.order,
        _RESPONSE.c.answer,
        _RESPONSE.c.confidence,
        _RESPONSE.c.flagged,
        _RESPONSE.c.revision,
        _RESPONSE.c.locked_at,
        _ITEM.c.key,
        _ITEM.c.withheld_at,
        is_out(_RESPONSE.c.case_version_id).label("out"),
        _VERSION.c.id,
        _VERSION.c.content_hash,
        _VERSION.c.drawings,
    )
    .join_from(_RESPONSE, _ITEM)
    .join(_VERSION, _VERSION.c.id == _RESPONSE.c.case_version_id)
    .where(
        _RESPONSE.c.attempt_id == bindparam("attempt_id"),
        _RESPONSE.c.position.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_RESPONSE.c.position)
)


def sheet_of(paper: Paper, number: int) -> Sheet:
    """Return the case with *number* of an attempt as far as it has unfolded, in one statement.

    Raises:
        NotFound: there is no such case.
    """
    if not 1 <= number <= paper.cases:
        raise NotFound
    reached = paper.reached(number)
    items = [item for item in paper.groups[number - 1] if item.stage <= reached]
    rows = db.session.execute(
        _PLACES,
        {
            "attempt_id": paper.attempt_id,
            "first": items[0].position,
            "last": items[-1].position,
        },
    ).all()
    body = shown(VersionToShow(rows[0].id, rows[0].content_hash, rows[0].drawings))
    return Sheet(
        number=number,
        title=body.title,
        parts=parts_of(body, [_place(body, row) for row in rows], reached),
        reached=reached,
        unfolds=reached < paper.groups[number - 1][-1].stage,
        withheld={row.position: row.withheld_at for row in rows if row.out},
    )


def _place(body: Case, row: Row[*tuple[Any, ...]]) -> PlacedItem:
    item = replace(item_of(body, row.key).for_fellow(), points=row.points)
    return PlacedItem(
        position=row.position,
        item=item,
        order=tuple(row.order),
        controls=controls_kept(
            item, row.answer, row.order, confidence=row.confidence, flagged=row.flagged
        ),
        revision=row.revision,
        locked=row.locked_at is not None,
    )


def controls_kept(
    item: ItemForFellow,
    answer: Mapping[str, Json] | None,
    order: Sequence[int],
    *,
    confidence: Confidence | None,
    flagged: bool,
) -> dict[str, list[str]]:
    """Return the controls of *item* as a response has them kept: its *answer* in its *order*."""
    controls = item.controls_of(as_shown(answer, order))
    if confidence:
        controls["confidence"] = [confidence.value]
    if flagged:
        controls["flag"] = ["1"]
    return controls
