"""A case as the rules read it: every text with its place, every list of options."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel

from question_bank.blueprint import Blueprint
from question_bank.case import Case
from question_bank.items.base import AnyItem, Option
from question_bank.items.hotspot import Hotspot
from question_bank.items.key_feature import KeyFeature
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.numeric import WrongNumber
from question_bank.items.short_answer import WrongWords
from question_bank.items.single_best_answer import SingleBestAnswer
from question_bank.knowledge import ClinicalFact, HarmfulAct
from question_bank.rules.words import Sought, one_case


class TextRole(StrEnum):
    """What a text is for the person who answers."""

    SCENE = "scene"
    LEAD_IN = "lead-in"
    OPTION = "option"
    WHY = "why"
    REST = "rest"


_ROLES = {
    "vignette": TextRole.SCENE,
    "text": TextRole.SCENE,  # under options, regions, steps, distractors it is an option
    "alt": TextRole.SCENE,
    "caption": TextRole.SCENE,
    "columns": TextRole.SCENE,
    "rows": TextRole.SCENE,
    "idea": TextRole.SCENE,
    "finding": TextRole.SCENE,
    "lead_in": TextRole.LEAD_IN,
    "left": TextRole.OPTION,
    "right": TextRole.OPTION,
    "why": TextRole.WHY,
    "theme": TextRole.REST,
    "title": TextRole.REST,
    "name": TextRole.REST,
    "model_answer": TextRole.REST,
    "takeaway": TextRole.REST,
}
"""The fields that are prose, by name."""

_OPTION_LISTS = {"options", "regions", "steps", "distractors"}
_NOT_READ = {"references", "waivers", "key", "covered_answer"}
_LISTS = (SingleBestAnswer, MultipleResponse, KeyFeature)


@dataclass(frozen=True)
class Passage:
    """A text of the case, with its field like `items[0].options[2].why`."""

    field: str
    text: str
    role: TextRole


@dataclass(frozen=True)
class Asked:
    """An item, where it stands, and in which part of the case; `whole`: nothing of it is open."""

    item: AnyItem
    field: str
    part: int
    whole: bool = True

    @property
    def options(self) -> tuple[Option, ...]:
        """The options that compete with each other; none for other kinds of items."""
        return tuple(self.item.options) if isinstance(self.item, _LISTS) else ()

    @property
    def keyed(self) -> tuple[Option, ...]:
        """What may be right or wrong: options, or places on a picture."""
        return self.item.regions if isinstance(self.item, Hotspot) else self.options

    @property
    def offered(self) -> tuple[tuple[str, Option], ...]:
        """What may be right or wrong, each with its field."""
        name = "regions" if isinstance(self.item, Hotspot) else "options"
        return tuple((f"{self.field}.{name}[{n}]", each) for n, each in enumerate(self.keyed))

    @property
    def single(self) -> bool:
        """Whether one option of a list is the best, as far as it is marked."""
        return self.asks_for_one and sum(option.key for option in self.options) == 1

    @property
    def asks_for_one(self) -> bool:
        """Whether the item asks for the one best option."""
        return isinstance(self.item, SingleBestAnswer)


@dataclass(frozen=True)
class CaseReading:
    """A case with what it is compared to.

    `facts`, `acts` and `slugs` are what it may name: facts and acts that harm by their ids, and
    cases that it may be a sibling of. None: these are not looked up; of an act: only its id is
    known. `first`: it was written in the
    first format, which had no list of acts. Of a half-written case `lacking` has the fields that
    are still blank, and `unfinished` those of items that are not whole.
    """

    case: Case
    facts: Mapping[str, ClinicalFact] | None
    acts: Mapping[str, HarmfulAct | None] | None
    slugs: Collection[str] | None
    blueprint: Blueprint
    first: bool = False
    lacking: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()

    def with_needs(self, needs: tuple[str, ...]) -> "CaseReading":
        """Return the same without the items that lack one of *needs*, like `options.text`."""
        return replace(self, needs=needs) if needs and self.lacking else self

    @cached_property
    def texts(self) -> tuple[Passage, ...]:
        """Every text that is shown to somebody, in reading order."""
        return tuple(_texts(self.case, "", ""))

    def likely(self, sought: Sought) -> bool:
        """Return whether it may be found in one of the texts; mostly it is in none."""
        whole, folded = self._whole
        return sought.may_stand_in(folded if sought.of_any_case else whole)

    @cached_property
    def _whole(self) -> tuple[str, str]:
        """All texts in one, as written and in one case."""
        whole = "\n".join(passage.text for passage in self.texts)
        return whole, one_case(whole)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every item that has what is needed of it, in order."""
        parts = (n for n, part in enumerate(self.case.parts) for _ in part.items)
        whole = (place not in self.unfinished for place in self.case.places)
        asked = map(Asked, self.case.questions, self.case.places, parts, whole)
        return tuple(each for each in asked if not self._lacks(each.field))

    def _lacks(self, item: str) -> bool:
        inside = (place for place in self.lacking if place.startswith(f"{item}."))
        blank = {_ROW.sub("", place.removeprefix(f"{item}.")) for place in inside}
        return not blank.isdisjoint(self.needs)

    def passages(self, *roles: TextRole) -> tuple[Passage, ...]:
        """Return the texts that have one of *roles*."""
        known = self._passages.get(roles)
        if known is None:
            known = tuple(passage for passage in self.texts if passage.role in roles)
            self._passages[roles] = known
        return known

    @cached_property
    def _passages(self) -> dict[tuple[TextRole, ...], tuple[Passage, ...]]:
        """What `passages` gave: rules ask for the same again and again."""
        return {}

    def of(self, asked: Asked, *roles: TextRole) -> tuple[Passage, ...]:
        """Return the texts of an item that have one of *roles*."""
        inside = f"{asked.field}."
        return tuple(
            passage for passage in self.passages(*roles) if passage.field.startswith(inside)
        )

    def scene(self, part: int, *, pictures: bool = True) -> str:
        """Return what is told up to *part*; with *pictures*, also what they show in words."""
        return "\n".join(
            passage.text
            for passage in self.passages(TextRole.SCENE)
            if ".items[" not in f".{passage.field}"
            and _part(passage.field) <= part
            and (pictures or not passage.field.endswith(".alt"))
        )

    @property
    def scene_field(self) -> str:
        """The field that the case begins with."""
        return "stages[0].text" if self.case.stages else "vignette"


_ROW = re.compile(r"\[\d+\]")


def _part(field: str) -> int:
    return int(field[7 : field.index("]")]) if field.startswith("stages[") else 0


def _texts(value: Any, field: str, name: str) -> Iterator[Passage]:
    if isinstance(value, str):
        if name in _ROLES:
            yield Passage(field, value, _role(field, name))
    elif isinstance(value, tuple):
        for n, each in enumerate(value):
            yield from _texts(each, f"{field}[{n}]", name)
    elif isinstance(value, BaseModel):
        around = f"{field}." if field else ""
        for inner in _read_of(type(value)):
            yield from _texts(getattr(value, inner), f"{around}{inner}", inner)


@cache
def _read_of(shape: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a part of a case in which there may be something to read."""
    if issubclass(shape, WrongWords | WrongNumber):
        return ("why",)  # what is typed wrong is a pattern
    return tuple(name for name in shape.model_fields if name not in _NOT_READ)


def _role(field: str, name: str) -> TextRole:
    if name != "text":
        return _ROLES[name]
    around = field.removesuffix(".text").rsplit(".", 1)[-1].split("[")[0]
    if around in _OPTION_LISTS:
        return TextRole.OPTION
    return TextRole.REST if around in ("levels", "rubric") else TextRole.SCENE
