"""What a fellow sees while answering. Nothing here carries a key or a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.attempts.models import Confidence, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, shown
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


_PLACES = (
    select(Response, is_out(Response.case_version_id), Item.withheld_at)
    .join(Response.item)
    .where(
        Response.attempt_id == bindparam("attempt_id"),
        Response.position.between(bindparam("first"), bindparam("last")),
    )
    .options(joinedload(Response.version).defer(CaseVersion.body), contains_eager(Response.item))
    .order_by(Response.position)
    .execution_options(populate_existing=True)
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
    responses = [response for response, _, _ in rows]
    body = shown(responses[0].version)
    return Sheet(
        number=number,
        title=body.title,
        parts=parts_of(body, [_place(body, response) for response in responses], reached),
        reached=reached,
        unfolds=reached < paper.groups[number - 1][-1].stage,
        withheld={response.position: since for response, out, since in rows if out},
    )


def _place(body: Case, response: Response) -> PlacedItem:
    item = replace(item_of(body, response.item.key).for_fellow(), points=response.points)
    return PlacedItem(
        position=response.position,
        item=item,
        order=tuple(response.order),
        controls=controls_kept(
            item,
            response.answer,
            response.order,
            confidence=response.confidence,
            flagged=response.flagged,
        ),
        revision=response.revision,
        locked=response.locked_at is not None,
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
