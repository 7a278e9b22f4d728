"""A place of a draft as people say it: "the story of stage 2", "the reason of option B"."""

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from question_bank.drafts.called import field_called, one_called
from question_bank.drafts.paths import LeafChange

ORDER = "@"
"""The last part of a path that is about the order of a list, and what is in it."""

_LETTERED = {"options", "regions"}
"""Lists whose entries are told apart by letters."""


def place_said(body: Mapping[str, Any], path: str) -> str:
    """Return where in *body* the place at *path* is, so that "changed" can follow it.

    An entry that *body* does not have, or not any more, has no number there.
    """
    parts = path.split("/")
    order = parts[-1] == ORDER
    entries, rest = _entries(body, parts[:-1] if order else parts)
    if order:
        said = f"the list of {_name(rest[-1]) if rest else 'entries'}"
    else:
        said = _leaf(rest, inside=bool(entries), of_stage=parts[0] == "stages" and len(parts) == 3)
    if len(body.get("stages", [])) == 1 or any(each.startswith("item ") for each in entries):
        entries = [each for each in entries if not each.startswith("stage ")]
    return " of ".join([said, *reversed(entries[-2:])])


def changes_said(body: Mapping[str, Any], changes: Sequence[LeafChange]) -> list[str]:
    """Return what *changes* did, each place once, in the words of *body*: how it is by now.

    What came or went as a whole is said as one.
    """
    whole = {prefix for change in changes for prefix in _came_or_went(change)}
    said = [
        words
        for change in changes
        if not any(change.path.startswith(f"{prefix}/") for prefix in whole)
        for words in _said(body, change)
    ]
    return list(dict.fromkeys(said))


def _said(body: Mapping[str, Any], change: LeafChange) -> Iterator[str]:
    if not change.path.endswith(f"/{ORDER}"):
        yield place_said(body, change.path)
        return
    before, after = (set(each or ()) for each in (change.before, change.after))
    if before == after:
        yield f"the order of the {_name(change.path.split('/')[-2])}"
    for handle in sorted(after - before):
        yield f"{_whole(body, change.path, handle)} added"
    if gone := len(before - after):
        name = change.path.split("/")[-2]
        yield f"{f'{gone} {_name(name)}' if gone > 1 else f'one {one_called(name)}'} removed"


def _whole(body: Mapping[str, Any], path: str, handle: str) -> str:
    entries, _ = _entries(body, [*path.split("/")[:-1], handle])
    return " of ".join(reversed(entries[-2:]))


def _came_or_went(change: LeafChange) -> Iterator[str]:
    if change.path.endswith(f"/{ORDER}"):
        before, after = (set(each or ()) for each in (change.before, change.after))
        yield from (f"{change.path[:-2]}/{handle}" for handle in before ^ after)


def _entries(body: Mapping[str, Any], parts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the entries of lists that *parts* lead through, outermost first, and what is left."""
    found: list[str] = []
    group: Any = body
    rest = list(parts)
    while len(rest) >= 2 and (_has_rows(group, rest[0]) or _is_list(rest[0])):
        name, handle = rest[:2]
        rows = group.get(name, []) if isinstance(group, Mapping) else []
        found.append(_entry(body, name, rows, handle))
        group = next((row for row in rows if _handle(row) == handle), {})
        rest = rest[2:]
    return found, rest


def _is_list(name: str) -> bool:
    return name in {"stages", "items", "options", "exhibits", "references"}


def _has_rows(group: Any, name: str) -> bool:
    rows = group.get(name) if isinstance(group, Mapping) else None
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], Mapping)


def _handle(row: Any) -> Any:
    return row.get("#") if isinstance(row, Mapping) else None


def _entry(body: Mapping[str, Any], name: str, rows: Sequence[Any], handle: str) -> str:
    handles = [_handle(row) for row in rows]
    if handle not in handles:
        return f"a removed {one_called(name)}"
    place = handles.index(handle)
    if name == "items":
        place = _all_items(body).index(handle)
    lettered = name in _LETTERED and place < len(ascii_uppercase)
    return f"{one_called(name)} {ascii_uppercase[place] if lettered else place + 1}"


def _all_items(body: Mapping[str, Any]) -> list[Any]:
    return [_handle(item) for stage in body.get("stages", []) for item in stage.get("items", [])]


def _leaf(parts: Sequence[str], *, inside: bool, of_stage: bool) -> str:
    if not parts:
        return "what stands there"
    if parts == ["text"]:
        return "the story" if of_stage else "the text"
    names = [field_called(part) for part in parts]
    return f"the {' '.join(names)}" + ("" if inside or parts != ["title"] else " of the case")


def _name(name: str) -> str:
    return {"references": "sources", "regions": "places"}.get(name, name.replace("_", " "))
