"""Rows of two bodies of one case, told to be the same: they share a handle from then on."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from question_bank.drafts.bodies import HANDLE, Body, is_handle, rows_within

KNOWN_BY = ("key", "title", "text", "why", "statement", "citation")
"""Fields by which a row is known although others of it have changed, the surest first."""


def matched(body: Body, base: Body, beside: Body) -> Body:
    """Return *body* with the handles that *base* has for the same rows.

    The same are rows of one list that say the same; else those that share one of `KNOWN_BY`, which
    an empty one tells nothing of; else the only ones that are left of both.
    A row that *base* does not have gets a handle that neither *base* nor *beside* has.
    """
    known = {
        row[HANDLE]
        for each in (body, base, beside)
        for _, rows in rows_within(each)
        for row in rows
    }
    free = (name for n in count(1) if is_handle(name := f"n{n}") and name not in known)
    found: Body = _group(body, base, free)
    return found


def _group(new: Any, old: Any, free: Iterator[str]) -> Any:
    if not isinstance(new, dict):
        return new
    old = old if isinstance(old, dict) else {}
    return {
        name: _rows(value, old.get(name), free)
        if _is_rows(value)
        else _group(value, old.get(name), free)
        for name, value in new.items()
    }


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _rows(new: list[Body], old: Any, free: Iterator[str]) -> list[Body]:
    left = list(old) if _is_rows(old) else []
    same: dict[int, Body] = {}
    for known_by in (_whole, *KNOWN_BY):
        for place, row in enumerate(new):
            mark = _mark(row, known_by)
            twin = next((each for each in left if _mark(each, known_by) == mark), None)
            if place not in same and mark not in (None, "") and twin is not None:
                same[place] = twin
                left.remove(twin)
    rest = [place for place in range(len(new)) if place not in same]
    if len(rest) == len(left) == 1:
        same[rest[0]] = left[0]
    return [
        _group(row, same.get(place), free)
        | {HANDLE: same[place][HANDLE] if place in same else next(free)}
        for place, row in enumerate(new)
    ]


def _mark(row: Body, known_by: Any) -> Any:
    return known_by(row) if callable(known_by) else row.get(known_by)


def _whole(value: Any) -> Any:
    """Return what *value* says, handles left out."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items() if name != HANDLE}
    return value
