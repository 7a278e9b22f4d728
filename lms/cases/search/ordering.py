"""The orders in which hits are listed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from lms.cases.search.standing import FITS


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


def in_order(found: Sequence[Entries], order: Order) -> list[Entries]:
    """Return *found* in *order*; what stands alike in it by title, the same on every database."""
    by_match = sorted(sorted(found, key=_first_id), key=_match)
    key = _KEYS.get(order)
    return sorted(by_match, key=key) if key else by_match


def _first_id(found: Entries) -> int:
    return found[0].id


def _match(found: Entries) -> str:
    """Return the title, behind those that fit; a text alone is compared faster than a pair."""
    fits = found[0].standing & FITS or any(each.standing & FITS for each in found[1:])
    return f"{0 if fits else 1}{found[0].title.casefold()}"


def _review(found: Entries) -> date:
    return found[0].review_by or date.max


def _change(found: Entries) -> int:
    return -max(each.id for each in found)


_KEYS: Mapping[Order, Callable[[Entries], Any]] = {Order.REVIEW: _review, Order.CHANGED: _change}
"""What each order but the first sorts by, before that one."""
