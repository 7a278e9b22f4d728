"""What narrows a list of cases, and how many of them each further choice would leave."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

Tag = tuple[str, str]
"""A facet, and one of its values."""

Chosen = Mapping[str, Collection[str]]
"""The values that were chosen, by facet: any of a facet's, and that of every facet."""

Thing = TypeVar("Thing")


class Tagged(NamedTuple, Generic[Thing]):
    """Something that was found, and its tags."""

    thing: Thing
    tags: frozenset[Tag]


@dataclass(frozen=True)
class Narrowed(Generic[Thing]):
    """What is left of what was found.

    `counts`: how many there would be with a tag, as all other facets stand. `without`: how many
    there would be if nothing were chosen of a facet, by each facet of which something is.
    """

    left: Sequence[Tagged[Thing]]
    counts: Counter[Tag]
    without: Mapping[str, int]


def narrowed(
    found: Iterable[Tagged[Thing]], chosen: Chosen, *, hidden: frozenset[Tag] = frozenset()
) -> Narrowed[Thing]:
    """Return what *chosen* leaves of *found*, in its order.

    What has nothing but *hidden* tags of a facet is left only where one of these is chosen.
    """
    asked = {facet: {(facet, value) for value in values} for facet, values in chosen.items()}
    asked = {facet: tags for facet, tags in asked.items() if tags}
    left: list[Tagged[Thing]] = []
    nearly: list[Tag] = []
    without = Counter[str]()
    for each in found:
        tags = each.tags
        veiled = _veiled(tags, hidden)
        kept_by = [facet for facet, wanted in asked.items() if tags.isdisjoint(wanted)]
        if veiled:
            kept_by += veiled - asked.keys()
        if not kept_by:
            left.append(each)
            if veiled:
                without.subtract(veiled)
        elif len(kept_by) == 1:
            nearly += [tag for tag in tags if tag[0] == kept_by[0]]
            without.update({*kept_by} - veiled)
    counts = Counter(chain(chain.from_iterable(each.tags for each in left), nearly))
    return Narrowed(left, counts, {facet: without[facet] + len(left) for facet in asked})


def _veiled(tags: frozenset[Tag], hidden: frozenset[Tag]) -> frozenset[str]:
    """Return the facets of which there are none of *tags* but *hidden* ones."""
    if tags.isdisjoint(hidden):
        return frozenset()
    shown = {facet for facet, _ in tags - hidden}
    return frozenset(facet for facet, _ in tags & hidden if facet not in shown)
