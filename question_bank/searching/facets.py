"""What narrows a list of cases, and how many of them each further choice would leave."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Tag = tuple[str, str]
"""A facet, and one of its values."""

Chosen = Mapping[str, Collection[str]]
"""The values that were chosen, by facet: any of a facet's, and that of every facet."""

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Tagged(Generic[Thing]):
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
    """Return what *chosen* leaves of *found*.

    What has nothing but *hidden* tags of a facet is left only where one of these is chosen.
    """
    asked = {facet: {(facet, value) for value in values} for facet, values in chosen.items()}
    asked = {facet: tags for facet, tags in asked.items() if tags}
    shy = {facet: hidden for facet, _ in hidden if facet not in asked}
    left: list[Tagged[Thing]] = []
    counts: Counter[Tag] = Counter()
    without = Counter[str](dict.fromkeys(asked, 0))
    for each in found:
        kept_by = [facet for facet, tags in asked.items() if each.tags.isdisjoint(tags)]
        kept_by += [facet for facet in shy if _only_hidden(each.tags, facet, hidden)]
        if not kept_by:
            left.append(each)
            counts.update(each.tags)
            without.update(asked.keys())
        elif len(kept_by) == 1:
            counts.update(tag for tag in each.tags if tag[0] == kept_by[0])
            without[kept_by[0]] += 1
    return Narrowed(left, counts, {facet: without[facet] for facet in asked})


def _only_hidden(tags: frozenset[Tag], facet: str, hidden: frozenset[Tag]) -> bool:
    of_facet = {tag for tag in tags if tag[0] == facet}
    return bool(of_facet) and of_facet <= hidden
