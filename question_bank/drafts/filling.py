"""Pasted rows come into a list of a draft: into its blank rows first, then as new ones."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from question_bank.drafts.bodies import HANDLE, Body
from question_bank.drafts.reshaping import NoSuchRow, group_at
from question_bank.items.editing import ListPart, SwitchPart

SHOWN = 60
"""Characters by which a row that was not taken is named."""

SAID = 6
"""Sentences on what was not taken; more would hide the first."""

KEY = "key"


@dataclass(frozen=True)
class Filled:
    """A draft after rows came into a list, the handles of these, and what was not taken, in words.

    `places` is in the order of the rows; a row that has no place has no handle either.
    """

    body: Body
    places: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def said_left_out(self) -> str:
        """What was not taken, as far as a page can tell it: `SAID` sentences."""
        more = len(self.left_out) - SAID
        rest = (f"And {more} more remarks like these.",) if more > 0 else ()
        return " ".join((*self.left_out[:SAID], *rest))


def filled(
    body: Body,
    path: str,
    rows: Sequence[Body],
    part: ListPart,
    handles: Iterator[str],
    since: str = "",
) -> Filled:
    """Return *body* with *rows* in the list at *path*; no text that stands there is written over.

    Args:
        body: The draft.
        path: Of the list.
        rows: What comes, without handles.
        part: What the list offers: more than its most is not taken, nor what its rows do not have.
        handles: Handles that no row of the draft has had.
        since: The handle of a row that is given the first of *rows* whatever its text is, and
            before which none is filled; empty: from the first one on.

    Raises:
        NoSuchRow: what the list is in is not there, or *since* is not in it.
    """
    new = deepcopy(body)
    around, _, name = path.rpartition("/")
    there: list[Body] = group_at(new, around).setdefault(name, [])
    blank = _blank_rows(there, since)
    room = len(blank) + max(part.most - len(there), 0)
    coming, said = _with_keys_that_may_be(rows[:room], there, blank, part)
    offered = {each.name for each in part.of}
    places = []
    for number, row in enumerate(coming):
        if number == len(blank):
            blank.append({HANDLE: next(handles)})
            there.append(blank[-1])
        taken = {field: value for field, value in row.items() if field in offered}
        blank[number].update({k: v for k, v in taken.items() if not blank[number].get(k)})
        places.append(blank[number][HANDLE])
    return Filled(new, tuple(places), (*said, *_without_room(rows[room:], part)))


def _blank_rows(there: Sequence[Body], since: str) -> list[Body]:
    """Return the rows of *there* that say nothing, from the one with the handle *since* on."""
    first = next((n for n, row in enumerate(there) if row[HANDLE] == since), None)
    if since and first is None:
        raise NoSuchRow(since)
    rows = there[first or 0 :]
    if since:
        rows[0].pop("text", None)
    return [row for n, row in enumerate(rows) if (since and n == 0) or not _says_something(row)]


def _says_something(row: Body) -> bool:
    return any(value for name, value in row.items() if name not in (HANDLE, KEY))


def _with_keys_that_may_be(
    rows: Sequence[Body], there: Sequence[Body], blank: Sequence[Body], part: ListPart
) -> tuple[Sequence[Body], tuple[str, ...]]:
    """Return *rows*, and what is said if not all of them can be right that are marked so."""
    marked = [row for row in rows if row.get(KEY)]
    key = next((each for each in part.of if each.name == KEY), None)
    if not marked or (isinstance(key, SwitchPart) and not key.alone):
        return rows, ()
    if key is not None and len(marked) == 1:
        if not any(row.get(KEY) and _says_something(row) for row in there):
            for row in blank:
                row.pop(KEY, None)
            return rows, ()
        why = f"{_named(marked[0])} is marked as right, and another is so already. Choose one."
    elif key is not None:
        why = f"{len(marked)} are marked as right, and one can be. Choose it."
    else:
        why = f"Not taken: that {_named(marked[0])} is marked as right."
    return [{name: row[name] for name in row if name != KEY} for row in rows], (why,)


def _without_room(rows: Sequence[Body], part: ListPart) -> tuple[str, ...]:
    if not rows:
        return ()
    names = ", ".join(_named(row) for row in rows[:8])
    more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
    return (f"Not taken, as {part.most} is the most: {names}{more}.",)


def _named(row: Mapping[str, object]) -> str:
    """Return the first words of *row*, in quotation marks."""
    words = str(next((row[name] for name in ("text", "title", "doi", "source") if name in row), ""))
    return f"“{words[:SHOWN]}{'…' if len(words) > SHOWN else ''}”"
