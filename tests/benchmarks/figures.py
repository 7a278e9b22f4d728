"""What a part of the benchmarks says: figures, each of a profile, and under which load."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Size:
    """How much is measured. `quick`: enough to see that it works; `long`: takes an hour.

    `users`: how many are at work at once, at most.
    """

    quick: bool = False
    long: bool = False
    users: int = 200

    def of(self, whole: int, quick: int) -> int:
        """Return how often something is done: *whole*, or *quick* if it is to be quick."""
        return quick if self.quick else whole


@dataclass(frozen=True)
class Figure:
    """One measured value.

    `where`: the profile or the database, or nothing. `name` and `where` together are its key.
    """

    name: str
    value: float
    unit: str
    where: str = ""


Part = Callable[[Size], Iterator[Figure]]
"""Measures one subject."""


def percentiles(name: str, seconds: Sequence[float], where: str) -> Iterator[Figure]:
    """Yield p50, p95 and p99 of times, in ms; one of so few values is the next higher of them."""
    ordered = sorted(seconds)
    for share in (50, 95, 99):
        at = ceil(share / 100 * len(ordered)) - 1
        yield Figure(f"{name}, p{share}", 1000 * ordered[at], "ms", where)
