"""The tags of thousands of cases as numbers, so that they are narrowed and counted at once."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from lms.cases.search.offering import blueprint_facets
from lms.cases.search.standing import OF_STANDING, states_at
from lms.cases.search.tagging import read_tags
from question_bank.searching.facets import Tag, TagNumbers


@cache
def _said() -> TagNumbers:
    """Return the numbers of what cases say of themselves, as far as it is offered."""
    facets = blueprint_facets()
    return TagNumbers((facet.name, each.value) for facet in facets for each in facet.values)


@lru_cache(maxsize=16_384)
def number_said(tags: str) -> int:
    """Return the number of what `tags_of` gave, joined by spaces; one of `numbers_with` too."""
    return _said().of(read_tags(tags))


def numbers_with(also: Iterable[Tag]) -> TagNumbers:
    """Return the numbers of all that is offered: what cases say, how they stand, and *also*."""
    return _said().with_more([*OF_STANDING, *also])


def standing_numbers(numbers: TagNumbers, also: tuple[Tag, ...]) -> Callable[[int], int]:
    """Return what says the number of how a case stands, by *numbers*, which have *also*."""
    return cache(lambda standing: numbers.of(states_at(standing, also)))
