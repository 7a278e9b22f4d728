"""An item of a draft becomes one of another type: what both types have stays."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from question_bank.drafts.bodies import HANDLE, Body
from question_bank.drafts.fields import is_blank
from question_bank.drafts.offers import ITEM, ITEM_END
from question_bank.drafts.paths import changes_between
from question_bank.drafts.places import changes_said
from question_bank.drafts.reshaping import NoSuchRow, blank_row, group_at
from question_bank.items import ITEM_TYPES
from question_bank.items.editing import SHUFFLE, EditorPart, ListPart, SwitchPart

_PARTS = {kind.type_name(): kind.editor() for kind in ITEM_TYPES}

_ALIKE = {"options": "regions", "regions": "options"}
"""Lists of what can be chosen: where a type has no such list, its rows are of the other."""


_OF_ITEM = re.compile(r" of item \d+$")


@dataclass(frozen=True)
class RetypedDraft:
    """A draft with an item of another type, and in words what of the item does not fit it."""

    body: Body
    lost: tuple[str, ...]


def retyped(body: Body, path: str, kind: str, handles: Iterator[str]) -> RetypedDraft:
    """Return *body*, which `taken` made, with the item at *path* as one of the type *kind*.

    Its key goes as well, and is not said: under it another question was answered. Where one option
    alone can be right and several are marked, none is: which one it is, only an author can say.

    Args:
        body: The draft.
        path: Of the item.
        kind: The name of a type.
        handles: Handles that no row of the draft has had, for the rows that the type begins with.

    Raises:
        NoSuchRow: there is no such item.
    """
    parts = _PARTS[kind]
    item = _written(item_at(body, path))
    before = {name: item[name] for name in item if name not in ("key", "type")}
    names = _listed_as(before, parts)
    fitting = _fitting(_named(before, names), (*ITEM, *parts, *ITEM_END))
    kept = _one_key(fitting, parts)
    begun = {"shuffle": True} if SHUFFLE in parts else {}
    after = blank_row(parts, handles) | begun | kept | {"type": kind}
    as_it_was = _named(kept, {new: old for old, new in names.items()})
    was, became = (_with_item(body, path, each) for each in (before, as_it_was))
    gone = changes_said(was, changes_between(was, became))
    return RetypedDraft(_with_item(body, path, after), tuple(map(_bare, gone)))


def item_at(body: Body, path: str) -> Body:
    """Return the item at *path*.

    Raises:
        NoSuchRow: there is none.
    """
    parts = path.split("/")
    if len(parts) != 4 or (parts[0], parts[2]) != ("stages", "items"):
        raise NoSuchRow(path)
    return group_at(body, path)


def path_of_item(body: Body, handle: str) -> str:
    """Return the path of the item of a handle.

    Raises:
        NoSuchRow: there is none.
    """
    for stage in body.get("stages", ()):
        if handle in (item[HANDLE] for item in stage.get("items", ())):
            return f"stages/{stage[HANDLE]}/items/{handle}"
    raise NoSuchRow(handle)


def _written(row: Body) -> Body:
    """Return *row* without the rows in it that say nothing, and without switches that are off."""
    found = {}
    for name, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [_written(each) for each in value if not is_blank(each)]  # noqa: PLW2901
        if value not in ([], False):
            found[name] = value
    return found


def _listed_as(item: Body, parts: Sequence[EditorPart]) -> dict[str, str]:
    """Return what *parts* call the list of what can be chosen, where *item* calls it otherwise."""
    lists = {part.name for part in parts}
    return {
        name: other
        for name, other in _ALIKE.items()
        if name in item and name not in lists and other in lists
    }


def _named(item: Body, names: Mapping[str, str]) -> Body:
    return {names.get(name, name): value for name, value in item.items()}


def _fitting(row: Body, parts: Sequence[EditorPart]) -> Body:
    """Return what of *row* one of *parts* offers."""
    kept: Body = {HANDLE: row[HANDLE]}
    for part in parts:
        name = part.name.partition("/")[0]
        if isinstance(part, ListPart) and name in row:
            kept[name] = [_fitting(each, part.of) for each in row[name]]
        elif name in row:
            kept[name] = row[name]
    return kept


def _one_key(item: Body, parts: Sequence[EditorPart]) -> Body:
    """Return *item* without marks of what is right, where one alone can be right and more are."""
    for part in parts:
        if isinstance(part, ListPart) and any(map(_is_alone, part.of)):
            rows = item.get(part.name, ())
            if sum("key" in row for row in rows) > 1:
                bare = [{name: row[name] for name in row if name != "key"} for row in rows]
                return item | {part.name: bare}
    return item


def _bare(place: str) -> str:
    """Return *place*, which is gone, without what goes without saying, its item."""
    return _OF_ITEM.sub("", place.removesuffix(" removed"))


def _is_alone(part: EditorPart) -> bool:
    return isinstance(part, SwitchPart) and part.alone


def _with_item(body: Body, path: str, said: Body) -> Body:
    """Return *body* with the item at *path* saying what is *said*."""
    new = deepcopy(body)
    item = group_at(new, path)
    handle = item[HANDLE]
    item.clear()
    item.update(said | {HANDLE: handle})
    return new
