"""A body taken apart into rows, leaves and lists, and put together again."""

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from question_bank.drafts.bodies import HANDLE, Body

Spot = tuple[str, str]
"""Where a leaf or a list stands: the handle of the row around it, "" for the case; its field."""


@dataclass
class BodyParts:
    """`rows` and `homes` are by handle: a row as it was, and the list that it stands in."""

    rows: dict[str, Body] = field(default_factory=dict)
    homes: dict[str, Spot] = field(default_factory=dict)
    leaves: dict[Spot, Any] = field(default_factory=dict)
    lists: dict[Spot, list[str]] = field(default_factory=dict)

    def handles_in(self, handle: str) -> Iterator[str]:
        """Yield the handles of the rows in a row as it was, outer ones first."""
        inner = BodyParts()
        _take_apart(self.rows[handle], handle, "", inner)
        yield from inner.rows


def parts_of(body: Body) -> BodyParts:
    """Return what *body* consists of."""
    parts = BodyParts()
    _take_apart(deepcopy(body), "", "", parts)
    return parts


def _take_apart(group: Body, owner: str, path: str, parts: BodyParts) -> None:
    for name, value in group.items():
        here = f"{path}/{name}".lstrip("/")
        if isinstance(value, dict):
            _take_apart(value, owner, here, parts)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            parts.lists[owner, here] = [row[HANDLE] for row in value]
            for row in value:
                handle = row[HANDLE]
                parts.rows[handle], parts.homes[handle] = row, (owner, here)
                _take_apart(row, handle, "", parts)
        elif name != HANDLE:
            parts.leaves[owner, here] = value


def put_together(parts: BodyParts) -> Body:
    """Return the body that has the leaves and lists of *parts*; each row stands in it once."""
    own: defaultdict[str, list[tuple[str, Any]]] = defaultdict(list)
    lists: defaultdict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for (owner, path), leaf in parts.leaves.items():
        own[owner].append((path, leaf))
    for (owner, path), handles in parts.lists.items():
        lists[owner].append((path, handles))
    placed: set[str] = set()

    def group_of(owner: str) -> Body:
        group: Body = {HANDLE: owner} if owner else {}
        for path, leaf in own[owner]:
            _put(group, path, leaf)
        for path, handles in lists[owner]:
            new = [each for each in handles if each not in placed]
            placed.update(new)
            _put(group, path, [group_of(each) for each in new])
        return group

    return group_of("")


def _put(group: Body, path: str, value: Any) -> None:
    *way, last = path.split("/")
    for name in way:
        group = group.setdefault(name, {})
    group[last] = value


def row_paths(parts: BodyParts) -> dict[str, str]:
    """Return the path of every row by its handle, and "" for the case itself."""
    paths = {"": ""}
    for handle, (owner, name) in parts.homes.items():
        paths[handle] = f"{paths[owner]}/{name}/{handle}".lstrip("/")
    return paths
