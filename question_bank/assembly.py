"""Drawing the items of a quiz by the blueprint, for a cohort that has been given some before."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from question_bank.blueprint import Approach, Blueprint
from question_bank.weighing import NEVER, Either, Several, Source, Weighed


@dataclass(frozen=True)
class PoolItem:
    """An item that may be drawn. `whole`: only with all other items of its case."""

    item_id: int
    case_id: int
    topic: str
    whole: bool = False


@dataclass(frozen=True)
class GivenItem:
    """An item that was given to a cohort, with which assignment, open since when."""

    item_id: int
    case_id: int
    topic: str
    assignment_id: int
    at: datetime


class History:
    """What a cohort has been given, counted: by item, by case and by topic."""

    def __init__(self, given: Iterable[GivenItem] = ()) -> None:
        self._last: dict[int, datetime] = {}
        self.items, self.topics, self.cases = Counter[int](), Counter[str](), Counter[int]()
        counted = set()
        for each in given:
            self.items[each.item_id] += 1
            self.topics[each.topic] += 1
            self._last[each.case_id] = max(each.at, self.last(each.case_id))
            counted.add((each.case_id, each.assignment_id))
        self.cases.update(case_id for case_id, _ in counted)

    def last(self, case_id: int) -> datetime:
        """Return when a case was given last; one that never was comes before all."""
        return self._last.get(case_id, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Form:
    """The items drawn, those of one case side by side; `short` is how many the pool lacked."""

    items: tuple[PoolItem, ...]
    short: int


def assemble(
    n: int,
    track: str,
    blueprint: Blueprint,
    pool: Iterable[PoolItem],
    history: History | None = None,
    *,
    again: Collection[int] = (),
    seed: int = 0,
) -> Form:
    """Return a form of *n* items for *track*, or of as many as *pool* has.

    Of all such forms it is the best one by these wishes; one that comes first outweighs all that
    follow. Shares are of all items, those given before and these together.

    1. No approach is farther from its share than one item, or than the smallest unused case that
       is asked whole (of the approach where that is largest).
    2. A case repeats only when its approach has none unused that the form leaves.
    3. Approaches are as near to their shares as they can be, by least squares.
    4. What repeats was given the fewest times.
    5. Few items are left over of cases asked in part: the result of the others spoils them.
    6. It has none of the cases in *again*.
    7. Topics are as near to their shares as they can be, by least squares.

    What these leave open is settled by *seed*; of cases alike, those given longest ago come first.

    Args:
        n: How many items are wanted, 0 or more.
        track: The id of a track of *blueprint*.
        blueprint: The weights. A topic without weight for *track* is not drawn from.
        pool: What may be drawn; items of a case in their order.
        history: What the cohort has been given; None: nothing.
        again: Cases of a form that another one is wanted for.
        seed: Any number: another one settles ties otherwise.

    Raises:
        KeyError: *blueprint* has no such track.
    """
    if all(each.id != track for each in blueprint.tracks):
        raise KeyError(track)
    cases = _cases(pool, history or History(), frozenset(again), seed)
    draw = _Draw(n, track, blueprint, history or History(), cases)
    most = max(count for count, cost in enumerate(draw.source.costs) if cost < NEVER)
    if most < n:
        draw = _Draw(most, track, blueprint, history or History(), cases)
    return Form(tuple(draw.source.take(most)), n - most)


class _Kind(NamedTuple):
    """What makes cases of a topic alike: it costs the same to take one or the other."""

    times: int
    size: int
    whole: bool
    again: bool


@dataclass(frozen=True)
class _Case:
    """A case that may be drawn: its items in order, and those given least often first."""

    topic: str
    kind: _Kind
    items: tuple[PoolItem, ...]
    by_use: tuple[PoolItem, ...]
    rank: tuple[datetime, int]


def _cases(
    pool: Iterable[PoolItem], history: History, again: frozenset[int], seed: int
) -> list[_Case]:
    gathered: dict[int, list[PoolItem]] = defaultdict(list)
    for item in pool:
        gathered[item.case_id].append(item)
    return [
        _Case(
            topic=items[0].topic,
            kind=_Kind(history.cases[case_id], len(items), items[0].whole, case_id in again),
            items=tuple(items),
            by_use=tuple(sorted(items, key=lambda item: history.items[item.item_id])),
            rank=(history.last(case_id), _chance(seed, case_id)),
        )
        for case_id, items in gathered.items()
    ]


def _chance(seed: int, number: int) -> int:
    """Return a number of 64 bits, as if by chance: always the same for both."""
    return int.from_bytes(sha256(f"{seed} {number}".encode()).digest()[:8])


_LUCK = 1
_TOPICS = _LUCK << 16
_AGAIN = _TOPICS << 64
_CUT = _AGAIN << 16
_WORN = _CUT << 16
_SHARES = _WORN << 32
_EARLY = _SHARES << 64
_FAR = _EARLY << 16
"""What the wishes weigh: one of each weighs more than all below it ever come to together."""


class _Alike:
    """Cases of a topic that are alike: some are taken whole, and of one more maybe a part.

    *early*: repeats come before the approach has none unused.
    """

    def __init__(self, kind: _Kind, cases: Iterable[_Case], most: int, *, early: bool) -> None:
        self._kind = kind
        self._cases = sorted(cases, key=lambda case: case.rank)
        self.supply = kind.size * len(self._cases)
        self._item = kind.times * _WORN + kind.again * _AGAIN
        self._item += (self._cases[0].rank[1] >> 56) * _LUCK
        self._item += _EARLY if early and kind.times else 0
        self.costs = [self._cost(count) for count in range(min(most, self.supply) + 1)]

    def _cost(self, count: int) -> int:
        left_over = -count % self._kind.size
        return NEVER if left_over and self._kind.whole else count * self._item + left_over * _CUT

    def take(self, count: int) -> list[PoolItem]:
        """Return the first *count* items; of a case that is cut, those given least often."""
        return list(self._in_order(count))

    def _in_order(self, count: int) -> Iterator[PoolItem]:
        full, part = divmod(count, self._kind.size)
        for case in self._cases[:full]:
            yield from case.items
        if part:
            chosen = self._cases[full].by_use[:part]
            yield from (item for item in self._cases[full].items if item in chosen)


class _AllOf:
    """The same cases, every one of them taken."""

    def __init__(self, alike: _Alike) -> None:
        self._alike = alike
        self.costs = [NEVER] * alike.supply + [alike.costs[alike.supply]]

    def take(self, count: int) -> list[PoolItem]:
        """Return the items, which are *count*."""
        return self._alike.take(count)


class _Draw:
    """One draw: where its items may come from, and what they would cost its wishes."""

    def __init__(
        self, n: int, track: str, blueprint: Blueprint, history: History, cases: Iterable[_Case]
    ) -> None:
        self._n, self._history = n, history
        self._weights = {each.id: each.weights.get(track, 0) for each in blueprint.topics}
        self._sum = sum(self._weights.values())
        self._total = history.topics.total() + n
        self._shelves: dict[str, dict[_Kind, list[_Case]]] = defaultdict(lambda: defaultdict(list))
        for case in cases:
            if self._weights[case.topic] and not (case.kind.whole and case.kind.size > n):
                self._shelves[case.topic][case.kind].append(case)
        self._slack = self._sum * max(1, *map(self._smallest_whole, blueprint.approaches))
        approaches = (self._approach(approach) for approach in blueprint.approaches)
        self.source = Several(approaches, n)

    def _smallest_whole(self, approach: Approach) -> int:
        """Return the size of the smallest unused case that is asked whole; 0: there is none."""
        kinds = (kind for topic in approach.topics for kind in self._shelves[topic.id])
        return min((kind.size for kind in kinds if kind.whole and not kind.times), default=0)

    def _approach(self, approach: Approach) -> Source[PoolItem]:
        """Return its items: unused ones before repeats, or all unused ones and repeats as well."""
        topics = [topic.id for topic in approach.topics]
        source: Source[PoolItem] = Several((self._topic(each) for each in topics), self._n)
        if sum(map(self._unused, topics)) <= self._n:
            emptied = (self._topic(each, emptied=True) for each in topics)
            source = Either(source, Several(emptied, self._n))
        return Weighed(source, lambda count: self._far(topics, count))

    def _unused(self, topic: str) -> int:
        shelf = self._shelves[topic]
        return sum(kind.size * len(cases) for kind, cases in shelf.items() if not kind.times)

    def _far(self, topics: Iterable[str], count: int) -> int:
        off = self._off(topics, count)
        return max(abs(off) - self._slack, 0) ** 2 * _FAR + off**2 * _SHARES

    def _topic(self, topic: str, *, emptied: bool = False) -> Source[PoolItem]:
        """Return its items; *emptied*: all unused ones are among them."""
        sources = Several(self._sources(topic, emptied=emptied), self._n)
        return Weighed(sources, lambda count: self._off([topic], count) ** 2 * _TOPICS)

    def _sources(self, topic: str, *, emptied: bool) -> Iterator[Source[PoolItem]]:
        """Yield the cases that are alike; none that were given more often than there is need."""
        left = self._n
        by_times = groupby(sorted(self._shelves[topic].items()), key=lambda shelf: shelf[0].times)
        for times, shelves in by_times:
            for kind, cases in shelves:
                alike = _Alike(kind, cases, self._n, early=not emptied)
                yield _AllOf(alike) if emptied and not times else alike
                left -= 0 if kind.whole or (emptied and not times) else alike.supply
            if left <= 0:
                return

    def _off(self, topics: Iterable[str], count: int) -> int:
        """Return by how much *count* more are too many for the share of *topics*, × `_sum`."""
        has, weight = count, 0
        for topic in topics:
            has += self._history.topics[topic]
            weight += self._weights[topic]
        return has * self._sum - weight * self._total
