"""What narrows a list of cases, and how many of them each further choice would leave.

Thousands are narrowed and counted while somebody waits, so the tags of each are one number.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

Tag = tuple[str, str]
"""A facet, and one of its values."""

Chosen = Mapping[str, Collection[str]]
"""The values that were chosen, by facet: any of a facet's, and that of every facet."""

LANE = 24
"""How many bits of a number a tag has: as many things can be counted, 16 million."""


class TagNumbers:
    """A number for any of some tags: each tag has a lane of bits, of which the lowest is set.

    `|` joins what a thing has, `&` tells what two have in common, and a sum over things says in
    each lane how many of them have its tag. Tags that are not among these have no number: they
    narrow nothing and are not counted.
    """

    def __init__(self, tags: Iterable[Tag]) -> None:
        self._numbers = {tag: 1 << LANE * n for n, tag in enumerate(dict.fromkeys(tags))}

    def with_more(self, tags: Iterable[Tag]) -> Self:
        """Return numbers for *tags* too; those that there are stay as they are."""
        return type(self)([*self._numbers, *tags])

    def of(self, tags: Iterable[Tag]) -> int:
        """Return the number of what has *tags*."""
        number = 0
        for tag in tags:
            number |= self._numbers.get(tag, 0)
        return number

    def of_facet(self, facet: str) -> int:
        """Return the number of what has every tag of *facet*."""
        return self.of(tag for tag in self._numbers if tag[0] == facet)

    def counted(self, total: int) -> Counter[Tag]:
        """Return how many things have each tag; *total* is the sum of their numbers."""
        size = LANE // 8
        lanes = total.to_bytes(size * len(self._numbers), "little")
        return Counter(
            {
                tag: int.from_bytes(lanes[size * n : size * (n + 1)], "little")
                for n, tag in enumerate(self._numbers)
            }
        )


@dataclass(frozen=True)
class Narrowed:
    """What is left of what was found: the places that it had there, in order.

    `counts`: how many there would be with a tag, as all other facets stand. `without`: how many
    there would be if nothing were chosen of a facet, by each facet of which something is.
    """

    left: Sequence[int]
    counts: Counter[Tag]
    without: Mapping[str, int]


def narrowed(
    found: Sequence[int],
    chosen: Chosen,
    known: TagNumbers,
    *,
    hidden: frozenset[Tag] = frozenset(),
) -> Narrowed:
    """Return what *chosen* leaves of *found*: the number of each thing's tags, by *known*.

    What has nothing but *hidden* tags of a facet is left only where one of these is chosen;
    *known* has all tags of such facets.
    """
    asked = {
        facet: known.of((facet, value) for value in values)
        for facet, values in chosen.items()
        if values
    }
    facets = {facet: known.of_facet(facet) for facet in (*asked, *(facet for facet, _ in hidden))}
    veil = known.of(hidden)
    left: list[int] = []
    without = Counter[str]()
    total = 0
    for place, tags in enumerate(found):
        kept_by = [facet for facet, wanted in asked.items() if not tags & wanted]
        if veiled := _veiled(tags, veil, facets) if tags & veil else []:
            kept_by += [facet for facet in veiled if facet not in asked]
        if not kept_by:
            left.append(place)
            total += tags
            if veiled:
                without.subtract(veiled)
        elif len(kept_by) == 1:
            total += tags & facets[kept_by[0]]
            without.update(facet for facet in kept_by if facet not in veiled)
    return Narrowed(
        left, known.counted(total), {facet: without[facet] + len(left) for facet in asked}
    )


def _veiled(tags: int, veil: int, facets: Mapping[str, int]) -> list[str]:
    """Return the facets of which there are none of *tags* but such as *veil* has."""
    return [
        facet for facet, every in facets.items() if tags & every & veil and not tags & every & ~veil
    ]
