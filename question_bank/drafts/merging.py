"""Two people's changes of one body, joined: by rows and leaves, and inside of texts.

A row is known by its handle wherever it stands, so that it can be moved by one person while
another one writes in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from question_bank.drafts.bodies import Body, taken
from question_bank.drafts.orders import joined_order
from question_bank.drafts.parts import BodyParts, Spot, parts_of, put_together, row_paths
from question_bank.drafts.paths import ORDER, LeafChange, applied, changes_between, reversed_changes
from question_bank.drafts.texts import joined_text


@dataclass(frozen=True)
class Conflict:
    """Something that two people changed in two ways; None: it is not there.

    `path` is where it stands in the joined body, which keeps what was saved first: *theirs*.
    """

    path: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merged:
    """A body with the changes of both.

    `joined` are the paths at which *theirs* came into *mine*. `kept` are the paths of rows that
    one of them removed and that stay, since the other one changed something in them.
    """

    body: Body
    joined: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    kept: tuple[str, ...] = ()


def merged(base: Body, theirs: Body, mine: Body) -> Merged:
    """Return what *theirs* and *mine*, which both were *base*, are together.

    A conflict is only where both changed the same leaf, or the same order, in two ways. Rows that
    both added at one place stand one after the other, theirs first.

    Raises:
        DraftTooLarge: together they are; see `taken`.
    """
    sides = _Sides(parts_of(base), parts_of(theirs), parts_of(mine))
    sides.tell_new_rows_apart()
    kept = [*sides.keep_rows(sides.theirs, sides.mine), *sides.keep_rows(sides.mine, sides.theirs)]
    whole, clashes = sides.joined()
    body = taken(put_together(whole)).body
    paths = row_paths(parts_of(body))
    conflicts = tuple(Conflict(_path_of(spot, paths), *clashes[spot]) for spot in clashes)
    met = {each.path for each in conflicts}
    joined = (change.path for change in changes_between(mine, body))
    return Merged(
        body,
        tuple(path for path in joined if path not in met),
        conflicts,
        tuple(paths[handle] for handle in kept if handle in paths),
    )


def undone(body: Body, changes: Iterable[LeafChange]) -> Merged:
    """Return *body* without what *changes* did to an earlier state of it.

    What was changed again since then stays, and is named as a conflict.

    Raises:
        DraftTooLarge: see `taken`.
    """
    done = tuple(changes)
    then = applied(body, done)
    return merged(then, body, applied(then, reversed_changes(done)))


def _path_of(spot: Spot, paths: Mapping[str, str]) -> str:
    return f"{paths.get(spot[0], spot[0])}/{spot[1]}".lstrip("/")


Clashes = dict[Spot, tuple[Any, Any, Any]]


@dataclass(frozen=True)
class _Sides:
    base: BodyParts
    theirs: BodyParts
    mine: BodyParts

    def tell_new_rows_apart(self) -> None:
        """Give another handle to new rows of mine that share theirs with a row of another list."""
        known = {*self.base.rows, *self.theirs.rows, *self.mine.rows}
        free = (name for n in count(1) if (name := f"z{n}") not in known)
        for handle in self.mine.rows.keys() & self.theirs.rows.keys() - self.base.rows.keys():
            if self.mine.homes[handle] != self.theirs.homes[handle]:
                _rename(self.mine, handle, next(free))

    def keep_rows(self, remover: BodyParts, other: BodyParts) -> Iterator[str]:
        """Give back to *remover* what it removed and *other* changed; yield the handles."""
        for handle, (owner, _) in self.base.homes.items():
            gone = handle not in remover.rows and (not owner or owner in remover.rows)
            if gone and other.rows.get(handle, self.base.rows[handle]) != self.base.rows[handle]:
                for each in (handle, *self.base.handles_in(handle)):
                    self._give_back(remover, each)
                yield handle

    def _give_back(self, remover: BodyParts, handle: str) -> None:
        """Put a row where it was, unless it stands somewhere else."""
        if handle in remover.rows:
            return
        home = self.base.homes[handle]
        remover.rows[handle], remover.homes[handle] = self.base.rows[handle], home
        there, order = remover.lists.setdefault(home, []), self.base.lists[home]
        earlier = [each for each in order[: order.index(handle)] if each in there]
        there.insert(there.index(earlier[-1]) + 1 if earlier else 0, handle)
        own = {spot: leaf for spot, leaf in self.base.leaves.items() if spot[0] == handle}
        remover.leaves.update(own)

    def joined(self) -> tuple[BodyParts, Clashes]:
        """Return all leaves and lists joined, and where the two sides clash."""
        whole, clashes = BodyParts(), Clashes()
        new = (self.theirs.rows.keys() | self.mine.rows.keys()) - self.base.rows.keys()
        rows = {"", *new, *(self.theirs.rows.keys() & self.mine.rows.keys())}
        for spot in dict.fromkeys([*self.theirs.leaves, *self.mine.leaves, *self.base.leaves]):
            if spot[0] in rows:
                leaf = self._leaf(spot, clashes)
                if leaf is not None:
                    whole.leaves[spot] = leaf
        whole.homes = {
            handle: self._home(handle)
            for handle in dict.fromkeys([*self.theirs.homes, *self.mine.homes])
            if handle in rows
        }
        self._join_lists(whole, clashes)
        return whole, clashes

    def _leaf(self, spot: Spot, clashes: Clashes) -> Any:
        was, theirs, mine = (each.leaves.get(spot) for each in (self.base, self.theirs, self.mine))
        if mine in (was, theirs):
            return theirs
        if theirs == was:
            return mine
        texts = [each or "" for each in (was, theirs, mine)]
        result = joined_text(*texts) if all(isinstance(each, str) for each in texts) else None
        if result is None:
            clashes[spot] = (was, theirs, mine)
        return theirs if result is None else result

    def _home(self, handle: str) -> Spot:
        """Return the list that a row stands in: where it was moved to, theirs before mine."""
        was, theirs = self.base.homes.get(handle), self.theirs.homes.get(handle)
        moved = theirs is not None and theirs != was
        return theirs if moved and theirs else self.mine.homes.get(handle) or theirs or ("", "")

    def _join_lists(self, whole: BodyParts, clashes: Clashes) -> None:
        sides = (self.base, self.theirs, self.mine)
        apart = {
            self.mine.homes[handle]
            for handle in self.base.homes.keys() & self.theirs.homes.keys() & self.mine.homes.keys()
            if len({each.homes[handle] for each in sides}) == 3
        }
        for spot in dict.fromkeys([*self.theirs.lists, *self.mine.lists, *self.base.lists]):
            orders = [
                [each for each in side.lists.get(spot, []) if whole.homes.get(each) == spot]
                for side in sides
            ]
            order, agreed = joined_order(*orders)
            if not agreed or spot in apart:
                was, theirs, mine = (side.lists.get(spot) for side in sides)
                clashes[spot[0], f"{spot[1]}/{ORDER}"] = (was, theirs, mine)
            if order:
                whole.lists[spot] = order


def _rename(parts: BodyParts, handle: str, new: str) -> None:
    """Call a row *new* wherever *parts* speak of it."""
    home = parts.homes.pop(handle)
    parts.homes[new], parts.rows[new] = home, parts.rows.pop(handle)
    parts.lists[home] = [new if each == handle else each for each in parts.lists[home]]
    for spots in (parts.leaves, parts.lists):
        for spot in [spot for spot in spots if spot[0] == handle]:
            spots[new, spot[1]] = spots.pop(spot)
    for each, (owner, name) in parts.homes.items():
        if owner == handle:
            parts.homes[each] = (new, name)
