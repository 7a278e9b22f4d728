"""The orders in which hits are listed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

Entries = Sequence[Row[Any]]
"""Rows of the entries of one case, that of what is in use first; or that of a draft of none."""


class Order(StrEnum):
    """In which order hits are listed."""

    MATCH = "match"
    REVIEW = "review"
    CHANGED = "changed"


def _by_match(rows: Entries) -> tuple[Any, ...]:
    first = rows[0]
    fitting = first.fitting or (len(rows) > 1 and any(row.fitting for row in rows))
    return not fitting, first.title.casefold(), first.id


def _by_review(rows: Entries) -> tuple[Any, ...]:
    due = rows[0].review_by
    return due is None, due or date.max, *_by_match(rows)


def _by_change(rows: Entries) -> tuple[Any, ...]:
    newest = max(row.id for row in rows)
    return -newest, *_by_match(rows)


ORDERS: Mapping[Order, Callable[[Entries], tuple[Any, ...]]] = {
    Order.MATCH: _by_match,
    Order.REVIEW: _by_review,
    Order.CHANGED: _by_change,
}
"""What hits are sorted by."""
