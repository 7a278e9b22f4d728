"""Which of many sets are alike: exactly, without comparing each with each.

Two sets whose Jaccard share is above a bound have so much in common that they share one of their
rarest members already; only those that do are compared. Prefix filtering: Chaudhuri, Ganti and
Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007. Members that one set alone has, most of all
where cases tell different stories, are counted and then left aside.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)


@dataclass(frozen=True)
class _Ranked:
    """A set: how many members it has, and those that others have too, by number, rarest first."""

    size: int
    shared: list[int]

    def telling(self, above: float) -> list[int]:
        """Return of the rarest members, which tell whether a set can be like it, the shared."""
        common = max(1, math.ceil(above * self.size - 1e-9))
        alone = self.size - len(self.shared)
        return self.shared[: max(self.size - common + 1 - alone, 0)] if self.size else []


def pairs_alike(
    sets: Sequence[frozenset[Member]], above: float
) -> Iterator[tuple[int, int, float]]:
    """Yield the places of all pairs of *sets* whose Jaccard share is *above*, with the share.

    In the order in which comparing each with each would find them. *above* is in (0, 1).
    """
    holders: dict[int, list[int]] = {}
    earlier: list[tuple[int, frozenset[int]]] = []
    found = []
    for at, each in enumerate(_ranked(sets)):
        own = frozenset(each.shared)
        telling = each.telling(above)
        met = set(chain.from_iterable(holders.get(member, ()) for member in telling))
        for member in telling:
            holders.setdefault(member, []).append(at)
        for other in met:
            size, members = earlier[other]
            common = len(own) - len(own - members)
            share = common / (size + each.size - common)
            if share > above:
                found.append((other, at, share))
        earlier.append((each.size, own))
    yield from sorted(found)


def _ranked(sets: Sequence[frozenset[Member]]) -> Iterator[_Ranked]:
    seen = Counter(chain.from_iterable(sets))
    in_order = sorted((member for member in seen if seen[member] > 1), key=seen.__getitem__)
    numbers = {member: number for number, member in enumerate(in_order)}
    for each in sets:
        shared = sorted(map(numbers.__getitem__, numbers.keys() & each))
        yield _Ranked(len(each), shared)
