"""The authored unit: a case with its items, and how it is read and told apart."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from question_bank.items import ITEM_TYPES, Item
from question_bank.items.base import Key, Shape, Text

LONGEST_TAKEAWAY = 25
"""Words that a takeaway may have."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with which field: `items[1].options[2].why`."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class InvalidCase(Exception):
    """Something that is not a case, with everything that keeps it from being one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def _short_sentence(text: str) -> str:
    words = len(text.split())
    if words > LONGEST_TAKEAWAY:
        raise ValueError(f"say it in at most {LONGEST_TAKEAWAY} words; these are {words}")
    return text


def _all_different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("name each only once")
    return values


Fact = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2,3}$")]
Keys = Annotated[tuple[Key, ...], Field(min_length=1), AfterValidator(_all_different)]
Facts = Annotated[tuple[Fact, ...], Field(min_length=1), AfterValidator(_all_different)]


class Reference(Shape):
    """A published source. `supports` says what in it the keys rest on."""

    authors: Text
    title: Text
    source: Text
    year: Annotated[int, Field(ge=1900, le=2100)]
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    supports: Text


class Case(Shape):
    """A patient's situation and what is asked about it.

    `topic`, `tracks`, `level`, `focus`, `condition`, `population` and `setting` are ids of
    the blueprint; `facts` are ids of the fact base the keys rest on. `vignette` is CommonMark.
    """

    format: Literal[1]
    slug: Key
    title: Annotated[Text, StringConstraints(max_length=120)]
    topic: Key
    tracks: Keys
    level: Key
    focus: Keys
    condition: Key | None = None
    population: Annotated[tuple[Key, ...], AfterValidator(_all_different)] = ()
    setting: Key | None = None
    facts: Facts
    vignette: Annotated[str, StringConstraints(min_length=1, max_length=8000)]
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=20)]
    takeaway: Annotated[Text, AfterValidator(_short_sentence)]
    references: Annotated[tuple[Reference, ...], Field(min_length=1)]
    reviewed_on: date
    review_by: date
    clinical_review: Literal["pending", "signed"]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [item.key for item in self.items]
        if len(set(keys)) != len(keys):
            raise ValueError("give every item of the case a “key” of its own")
        if self.review_by <= self.reviewed_on:
            raise ValueError("“review_by” comes after “reviewed_on”")
        return self


def parse_case(data: object) -> Case:
    """Return the case that *data* (as JSON or YAML gives it) describes.

    Raises:
        InvalidCase: with every problem found.
    """
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        raise InvalidCase(_problem(each) for each in _own(error.errors())) from None


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return *errors* without lists called too short only since a part of them is in error."""
    around = {each["loc"][:depth] for each in errors for depth in range(len(each["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in around]


def _problem(error: ErrorDetails) -> Problem:
    parts = list(error["loc"])
    if parts[:1] == ["items"] and parts[2:] and parts[2] in ITEM_TYPES:
        del parts[2]  # pydantic names the type of an item as if it were a field
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return Problem(field.lstrip(".") or "case", _sentence(error))


def _sentence(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a field of the format"
        case "union_tag_invalid" | "union_tag_not_found":
            return f"needs a “type” among {', '.join(ITEM_TYPES)}"
        case _:
            return error["msg"].removeprefix("Value error, ")


def case_to_json(case: Case) -> dict[str, Any]:
    """Return the canonical JSON of *case*; `parse_case` gives the same case back."""
    return case.model_dump(mode="json", exclude_none=True)


def content_hash(case: Case) -> str:
    """Return the SHA-256 of the canonical JSON, in hex: equal only if all that is said is."""
    canonical = json.dumps(case_to_json(case), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
