"""What moves in a draft besides its words: rows come, go and change places, a story is split.

Each function takes a body and leaves it as it is. A place is a path; see `paths`.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from question_bank.drafts.bodies import HANDLE, Body
from question_bank.items.editing import EditorPart, ListPart

BEGUN_WITH = 4
"""Options that a new item has, and rows of another list that needs several, if it takes so many."""


class NoSuchRow(Exception):
    """A place that the draft does not have, or not any more."""


def blank_row(parts: tuple[EditorPart, ...], handles: Iterator[str]) -> Body:
    """Return a row with nothing in it, and in its lists as many rows as a case needs of them.

    Args:
        parts: What the row offers.
        handles: Handles that no row of the draft has had.
    """
    row: Body = {HANDLE: next(handles)}
    for part in parts:
        if isinstance(part, ListPart) and part.fewest:
            count = 1 if part.fewest == 1 else min(max(part.fewest, BEGUN_WITH), part.most)
            row[part.name] = [blank_row(part.of, handles) for _ in range(count)]
    return row


def group_at(body: Body, path: str) -> Body:
    """Return the group at *path*; *body* itself where that is empty.

    Raises:
        NoSuchRow: there is none.
    """
    found: Any = body
    for name in path.split("/") if path else ():
        if isinstance(found, list):
            rows = (row for row in found if isinstance(row, dict) and row.get(HANDLE) == name)
            found = next(rows, None)
        else:
            found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise NoSuchRow(path)
    return found


def place_of(body: Body, path: str) -> tuple[int, int]:
    """Return which row of its list the one at *path* is, from 0, and how many there are.

    Raises:
        NoSuchRow: there is none.
    """
    rows, place = _row_in(body, path)
    return place, len(rows)


def added(body: Body, path: str, row: Body, at: int | None = None) -> Body:
    """Return *body* with *row* in the list at *path*: as the one *at* a place, else as the last.

    Raises:
        NoSuchRow: what the list would be in is not there.
    """
    new = deepcopy(body)
    rows = _list_at(new, path)
    rows.insert(len(rows) if at is None else min(max(at, 0), len(rows)), deepcopy(row))
    return new


def moved(body: Body, path: str, by: int) -> Body:
    """Return *body* with the row at *path* so many places lower; at an end it stays.

    Raises:
        NoSuchRow: there is none.
    """
    new = deepcopy(body)
    rows, place = _row_in(new, path)
    rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
    return new


def moved_to(body: Body, path: str, target: str) -> Body:
    """Return *body* with the row at *path* as the last of the list at *target*, of like rows.

    Raises:
        NoSuchRow: one of them is not there, or the lists hold different things.
    """
    new = deepcopy(body)
    rows, place = _row_in(new, path)
    if path.split("/")[-2:-1] != target.split("/")[-1:] or f"{target}/".startswith(f"{path}/"):
        raise NoSuchRow(target)
    there = _list_at(new, target)
    there.append(rows.pop(place))
    return new


def removed(body: Body, path: str) -> Body:
    """Return *body* without the row at *path*.

    Raises:
        NoSuchRow: there is none.
    """
    new = deepcopy(body)
    rows, place = _row_in(new, path)
    del rows[place]
    return new


def with_text(body: Body, path: str, text: str) -> Body:
    """Return *body* with *text* at *path*.

    Raises:
        NoSuchRow: what it would be in is not there.
    """
    new = deepcopy(body)
    around, _, name = path.rpartition("/")
    group_at(new, around)[name] = text
    return new


def split(body: Body, path: str, handle: str, at: int | None = None) -> Body:
    """Return *body* with the story of the stage at *path* split: the rest is a stage after it.

    Where words follow, what was asked after all of the story is asked after its second part;
    exhibits stay.

    Args:
        body: The draft.
        path: Of the stage.
        handle: Of the stage that comes of it.
        at: Before which character of the story; None: after the last one.

    Raises:
        NoSuchRow: there is no such stage.
    """
    new = deepcopy(body)
    stages, place = _row_in(new, path)
    stage = stages[place]
    text = str(stage.get("text", ""))
    here = len(text) if at is None else min(max(at, 0), len(text))
    later: Body = {HANDLE: handle}
    if text[here:].strip():
        later["text"] = text[here:].strip()
        stage["text"] = text[:here].rstrip()
        if "items" in stage:
            later["items"] = stage.pop("items")
    stages.insert(place + 1, later)
    return new


def breaks_in(story: str) -> tuple[int, ...]:
    """Return before which characters of *story* its paragraphs begin, but for the first one."""
    found, place = [], 0
    for paragraph in story.split("\n\n"):
        begin = place + len(paragraph) - len(paragraph.lstrip())
        if paragraph.strip():
            found.append(begin)
        place += len(paragraph) + 2
    return tuple(found[1:])


def _row_in(body: Body, path: str) -> tuple[list[Body], int]:
    """Return the list that the row at *path* is in, and its place there."""
    around, _, handle = path.rpartition("/")
    group, _, name = around.rpartition("/")
    rows = group_at(body, group).get(name)
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and row.get(HANDLE) == handle:
            return rows or [], place
    raise NoSuchRow(path)


def _list_at(body: Body, path: str) -> list[Body]:
    """Return the list at *path*, and the group around it that is no row: made if need be."""
    around, _, name = path.rpartition("/")
    try:
        group = group_at(body, around)
    except NoSuchRow:
        outer, _, inner = around.rpartition("/")
        group = group_at(body, outer).setdefault(inner, {})
    rows = group.setdefault(name, []) if name and isinstance(group, dict) else None
    if not isinstance(rows, list):
        raise NoSuchRow(path)
    return rows
