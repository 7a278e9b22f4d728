"""The facets that a page offers, each with its values in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lms.cases.search.standing import OVERDUE, PROPOSED, PUBLISHED, RETIRED, SIGNED, UNSIGNED
from lms.program.blueprint import blueprint
from question_bank.items import ITEM_TYPES


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Facet:
    """Something by which a list is narrowed; `name` is what its address calls it."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    def label_of(self, value: str) -> str:
        """Return what a value is called; empty, if it is not offered."""
        return next((each.label for each in self.values if each.value == value), "")


STATES = (
    FacetValue(PUBLISHED[1], "Published"),
    FacetValue(SIGNED[1], "Signed"),
    FacetValue(PROPOSED[1], "Waits to be published"),
    FacetValue(RETIRED[1], "Retired"),
)
"""How a case stands, as far as the store knows."""

NEEDS = (FacetValue(UNSIGNED[1], "A signature"), FacetValue(OVERDUE[1], "Review overdue"))
"""What a case waits for, as far as the store knows."""


def blueprint_facets() -> tuple[Facet, ...]:
    """Return the facets that cases say of themselves, in the order of the blueprint."""
    plan = blueprint()
    values = {dimension.id: dimension.values for dimension in plan.dimensions}
    return (
        Facet("approach", "Approach", tuple(_named(plan.approaches))),
        Facet("topic", "Topic", tuple(_named(plan.topics))),
        Facet("condition", "Condition", tuple(_named(values["condition"]))),
        Facet("population", "Population", tuple(_named(values["population"]))),
        Facet("setting", "Setting", tuple(_named(values["setting"]))),
        Facet("level", "Level", tuple(_named(plan.cognitive_levels))),
        Facet("type", "Item type", tuple(_types())),
        Facet("track", "Track", tuple(_named(plan.tracks))),
    )


def _named(things: Iterable[Any]) -> Iterator[FacetValue]:
    return (FacetValue(thing.id, thing.name) for thing in things)


def _types() -> Iterator[FacetValue]:
    for kind in ITEM_TYPES:
        name = kind.type_name()
        yield FacetValue(name, name.replace("_", " ").capitalize())
