"""Choosing how many items to take from where, at the least cost.

A source says what it costs to take none, one, two items of it, and so on. Sources side by side
are a source again, so that a choice over thousands of cases is a few sums over short lists.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from operator import add
from typing import Generic, Protocol, TypeVar

Taken = TypeVar("Taken")

NEVER = 1 << 512
"""The cost of what cannot be done; every other cost is less."""


class Source(Protocol[Taken]):
    """Where items come from. `costs[k]`: of taking *k* of them, or `NEVER` and more."""

    @property
    def costs(self) -> Sequence[int]:
        """What it costs to take 0, 1, 2 … items."""
        ...

    def take(self, count: int) -> list[Taken]:
        """Return *count* items, taken at that cost."""
        ...


class Several(Generic[Taken]):
    """Several sources, of which at most *most* items are wanted together. Their costs add up."""

    def __init__(self, sources: Iterable[Source[Taken]], most: int) -> None:
        self._sources = list(sources)
        lists = [[0], *(source.costs for source in self._sources)]
        self._sums = list(accumulate(lists, lambda one, other: _together(one, other, most)))
        self.costs: Sequence[int] = self._sums[-1]

    def take(self, count: int) -> list[Taken]:
        """Return *count* items, taken at the least cost."""
        taken: list[list[Taken]] = []
        steps = zip(pairwise(self._sums), self._sources, strict=True)
        for (before, after), source in reversed(list(steps)):
            own = next(
                own
                for own, cost in enumerate(source.costs)
                if 0 <= count - own < len(before) and before[count - own] + cost == after[count]
            )
            taken.append(source.take(own))
            count -= own
        return [item for part in reversed(taken) for item in part]


class Weighed(Generic[Taken]):
    """A source that costs *further* besides, by how many items are taken."""

    def __init__(self, source: Source[Taken], further: Callable[[int], int]) -> None:
        self.costs = [cost + further(count) for count, cost in enumerate(source.costs)]
        self.take = source.take


class Either(Generic[Taken]):
    """The cheaper of two sources, number by number; not of both."""

    def __init__(self, one: Source[Taken], other: Source[Taken]) -> None:
        self._both = one, other
        longest = max(len(one.costs), len(other.costs))
        self.costs = [
            min(self._cost(each, count) for each in self._both) for count in range(longest)
        ]

    @staticmethod
    def _cost(source: Source[Taken], count: int) -> int:
        return source.costs[count] if count < len(source.costs) else NEVER

    def take(self, count: int) -> list[Taken]:
        """Return *count* items of the source that gives them at the least cost."""
        return min(self._both, key=lambda each: self._cost(each, count)).take(count)


def _together(one: Sequence[int], other: Sequence[int], most: int) -> list[int]:
    """Return the least cost of 0 to *most* items of both, if there are so many."""
    turned = other[::-1]
    costs = []
    for count in range(min(most, len(one) + len(other) - 2) + 1):
        first, last = max(0, count - len(other) + 1), min(count, len(one) - 1) + 1
        shift = len(other) - 1 - count
        costs.append(min(map(add, one[first:last], turned[first + shift : last + shift])))
    return costs
