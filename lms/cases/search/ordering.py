"""The orders in which hits are listed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from lms.cases.search.standing import FITS
from question_bank.searching.facets import Tagged


class FoundEntry(NamedTuple):
    """What a list is made of, of an entry that was found; `standing` as of `standing_of`.

    `review_by` is None also where it is not listed by that.
    """

    id: int
    case_id: int | None
    draft_id: int | None
    layer: str
    title: str
    tags: str
    review_by: date | None
    standing: int


Entries = Sequence[FoundEntry]
"""The entries of one case, that of what is in use first; or that of a draft of none."""


class Order(StrEnum):
    """In which order hits are listed."""

    MATCH = "match"
    REVIEW = "review"
    CHANGED = "changed"


def in_order(found: Sequence[Tagged[Entries]], order: Order) -> list[Tagged[Entries]]:
    """Return *found* in *order*; what stands alike in it by title, the same on every database."""
    return sorted(found, key=_KEYS[order])


def _by_match(found: Tagged[Entries]) -> tuple[Any, ...]:
    first = found.thing[0]
    fits = first.standing & FITS or any(each.standing & FITS for each in found.thing[1:])
    return not fits, first.title.casefold(), first.id


def _by_review(found: Tagged[Entries]) -> tuple[Any, ...]:
    return found.thing[0].review_by or date.max, *_by_match(found)


def _by_change(found: Tagged[Entries]) -> tuple[Any, ...]:
    return -max(each.id for each in found.thing), *_by_match(found)


_KEYS: Mapping[Order, Callable[[Tagged[Entries]], tuple[Any, ...]]] = {
    Order.MATCH: _by_match,
    Order.REVIEW: _by_review,
    Order.CHANGED: _by_change,
}
