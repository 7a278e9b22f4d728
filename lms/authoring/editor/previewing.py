"""A draft as a fellow sees it, as far as it can be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from question_bank.advice.partial import partial_case
from question_bank.case import Exhibit
from question_bank.items import AnyItem
from question_bank.paper import Part, PlacedItem

NOT_WHOLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How an item that lacks something says that it cannot be shown."""


@dataclass(frozen=True)
class PreviewSheet:
    """A draft up to a stage, of so many. `undrawn`: its items that cannot be drawn yet."""

    title: str
    parts: Sequence[Part]
    stages: int
    undrawn: Sequence[int]

    @property
    def stage(self) -> int:
        """The stage that is reached, from 1."""
        return len(self.parts)

    @property
    def places(self) -> tuple[PlacedItem, ...]:
        """The items of that stage."""
        return self.parts[-1].places


def preview_sheet(body: Mapping[str, Any], stage: int) -> PreviewSheet:
    """Return *body*, any JSON object, as it is shown up to *stage*, or to the nearest there is."""
    case = partial_case(body).case
    reached = min(max(stage, 1), len(case.parts))
    numbers = count(1)
    parts, undrawn = [], []
    for nth, part in enumerate(case.parts[:reached], 1):
        items = [(next(numbers), item) for item in part.items]
        places = [(number, _placed(item, number)) for number, item in items]
        parts.append(
            Part(
                title=part.title,
                text=part.text,
                exhibits=tuple(filter(can_be_drawn, part.exhibits)),
                places=tuple(place for _, place in places if place is not None),
                new=1 < nth == reached,
            )
        )
        undrawn = [number for number, place in places if place is None]
    return PreviewSheet(case.title, parts, len(case.parts), undrawn)


def _placed(item: AnyItem, number: int) -> PlacedItem | None:
    try:
        shown = item.for_fellow()
    except NOT_WHOLE:
        return None
    return PlacedItem(number, shown, tuple(range(len(shown.options))))


def can_be_drawn(exhibit: Exhibit) -> bool:
    """Return whether there is something to show of an exhibit that may be half-written."""
    return bool(exhibit.image) or (exhibit.table is not None and bool(exhibit.table.columns))
