"""Which of many sets are alike: exactly, without comparing each with each.

Two sets whose Jaccard share is above a bound have so much in common that they share one of their
rarest members already; only those that do are compared. Prefix filtering: Chaudhuri, Ganti and
Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from question_bank.rules.words import jaccard

Member = TypeVar("Member", bound=Hashable)


def pairs_alike(
    sets: Sequence[frozenset[Member]], above: float
) -> Iterator[tuple[int, int, float]]:
    """Yield the places of all pairs of *sets* whose Jaccard share is *above*, with the share.

    In the order in which comparing each with each would find them. *above* is in (0, 1).
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    numbered: list[frozenset[int]] = []
    found = []
    for at, members in enumerate(_by_rarity(sets)):
        met: set[int] = set()
        for member in members[: _telling(len(members), above)]:
            met.update(holders[member])
            holders[member].append(at)
        own = frozenset(members)
        shares = ((other, at, jaccard(numbered[other], own)) for other in met)
        found += [each for each in shares if each[2] > above]
        numbered.append(own)
    yield from sorted(found)


def _by_rarity(sets: Sequence[frozenset[Member]]) -> Iterator[list[int]]:
    """Yield the members of each set, those first that the fewest sets have, by number."""
    seen = Counter(member for each in sets for member in each)
    in_order = sorted(seen, key=seen.__getitem__)
    numbers = {member: number for number, member in enumerate(in_order)}
    for each in sets:
        yield sorted(numbers[member] for member in each)


def _telling(size: int, above: float) -> int:
    """Return how many of the rarest members tell whether a set can be like another."""
    common = max(1, math.ceil(above * size - 1e-9))
    return size - common + 1 if size else 0
