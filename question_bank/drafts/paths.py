"""Where things stand in a body: paths to its leaves, and changes from path to path.

A path is made of names of fields and handles of rows, `stages/s1/items/i3/lead_in`. The order of
a list is a leaf too, the list of its handles, at `stages/s1/items/@`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from question_bank.drafts.bodies import HANDLE, Body, is_handle, taken
from question_bank.drafts.shape import CASE, Group, Kind, Rows

ORDER = "@"

DEEPEST = 12
"""Names and handles that a path may have."""


@dataclass(frozen=True)
class LeafChange:
    """What a leaf was and is; None: there was none, or is none."""

    path: str
    before: Any
    after: Any


def flatten(body: Body) -> dict[str, Any]:
    """Return every leaf of *body*, which `taken` made, by its path."""
    leaves: dict[str, Any] = {}
    _flatten(body, CASE, "", leaves)
    return leaves


def _flatten(value: Any, kind: Kind, path: str, leaves: dict[str, Any]) -> None:
    if isinstance(kind, Group):
        for name, inner in kind.fields.items():
            if name in value:
                _flatten(value[name], inner, f"{path}/{name}".lstrip("/"), leaves)
    elif isinstance(kind, Rows):
        leaves[f"{path}/{ORDER}"] = [row[HANDLE] for row in value]
        for row in value:
            _flatten(row, kind.of, f"{path}/{row[HANDLE]}", leaves)
    else:
        leaves[path] = value


def unflatten(leaves: Mapping[str, Any]) -> Body:
    """Return the body that has *leaves*; `flatten` gives them back.

    A row that no order names comes last in its list, so that nothing in it is lost. What no
    field of a body can be is left out.

    Raises:
        DraftTooLarge: see `taken`.
    """
    tree: dict[str, Any] = {}
    for path, leaf in leaves.items():
        *way, last = path.split("/")
        if len(way) < DEEPEST:
            _branch(tree, way).setdefault(last, leaf)
    return taken(_grown(tree, CASE)).body


def _branch(tree: dict[str, Any], way: Iterable[str]) -> dict[str, Any]:
    """Return what *way* leads to in *tree*, made if need be; something else if a leaf is there."""
    for name in way:
        inner = tree.setdefault(name, {})
        tree = inner if isinstance(inner, dict) else {}
    return tree


def _grown(branch: Any, kind: Kind) -> Any:
    if isinstance(kind, Group) and isinstance(branch, dict):
        return {
            name: _grown(branch[name], inner)
            for name, inner in kind.fields.items()
            if name in branch
        }
    if isinstance(kind, Rows) and isinstance(branch, dict):
        order = branch.get(ORDER)
        named = [each for each in order if is_handle(each)] if isinstance(order, list) else []
        handles = dict.fromkeys([*named, *filter(is_handle, branch)])
        return [{HANDLE: each} | _row(branch.get(each), kind.of) for each in handles]
    return branch


def _row(branch: Any, kind: Group) -> dict[str, Any]:
    grown = _grown(branch, kind)
    return grown if isinstance(grown, dict) else {}


def changes_between(before: Body, after: Body) -> tuple[LeafChange, ...]:
    """Return what has to change for *before* to be *after*: first what it is to have, in order."""
    old, new = flatten(before), flatten(after)
    paths = [*new, *(path for path in old if path not in new)]
    changes = (LeafChange(path, old.get(path), new.get(path)) for path in paths)
    return tuple(change for change in changes if change.before != change.after)


def applied(body: Body, changes: Iterable[LeafChange]) -> Body:
    """Return *body* with what *changes* say, whatever it was before.

    Raises:
        DraftTooLarge: see `taken`.
    """
    leaves = flatten(body)
    for change in changes:
        leaves.pop(change.path, None)
        if change.after is not None:
            leaves[change.path] = change.after
    return unflatten(leaves)


def reversed_changes(changes: Iterable[LeafChange]) -> tuple[LeafChange, ...]:
    """Return the changes that lead back from what *changes* lead to."""
    back = [LeafChange(each.path, each.after, each.before) for each in changes]
    return tuple(reversed(back))
