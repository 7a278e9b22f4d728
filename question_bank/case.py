"""The authored unit: a case with its items, and how it is read and told apart."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from question_bank import first_format
from question_bank.complaints import complaints
from question_bank.items import AnyItem, Item
from question_bank.items.hotspot import ImageName
from question_bank.shapes import Key, Shape, Text, written_as

LONGEST_TAKEAWAY = 25
"""Words that a takeaway may have."""

LONGEST_DECISION = 40
"""Words that a decision may have."""


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


def _of_few_words(most: int) -> AfterValidator:
    """Return the validator of a sentence of at most so many words."""

    def check(text: str) -> str:
        words = len(text.split())
        if words > most:
            raise ValueError(f"say it in at most {most} words; these are {words}")
        return text

    return AfterValidator(check)


def _all_different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("name each only once")
    return values


FactId = Annotated[str, written_as(r"[A-Z]\d{2,3}|X\d{4}", "the id of a fact, like P61")]
"""What a program writes down itself is called X101 and on; see `lms.cases.adding_facts`."""

Keys = Annotated[tuple[Key, ...], Field(min_length=1), AfterValidator(_all_different)]
Facts = Annotated[tuple[FactId, ...], Field(min_length=1), AfterValidator(_all_different)]


class Reference(Shape):
    """A published source. `supports` says what in it the keys rest on."""

    authors: Text
    title: Text
    source: Text
    year: Annotated[int, Field(ge=1900, le=2100)]
    doi: Annotated[str, written_as(r"10\.\d{4,9}/\S+", "a DOI, like 10.1000/182")] | None = None
    supports: Text


class ResultTable(Shape):
    """Results in rows; every row has a cell for each column."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]
    rows: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} cells for {len(self.columns)} columns"
                )
        return self


class Exhibit(Shape):
    """A table, or a drawing with the same in words: `alt` gives the data, not the conclusion."""

    key: Key
    title: Annotated[Text, StringConstraints(max_length=120)]
    table: ResultTable | None = None
    image: ImageName | None = None
    alt: Text | None = None
    caption: Text | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.table is None) == (self.image is None):
            raise ValueError("give either a “table” or an “image”")
        if self.image and not self.alt:
            raise ValueError("say in “alt” what the image shows")
        return self


Exhibits = Annotated[tuple[Exhibit, ...], Field(max_length=6)]
Items = Annotated[tuple[Item, ...], Field(max_length=20)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=8000)]


class Stage(Shape):
    """What is known at a time, and what is asked then. `text` is CommonMark."""

    title: Annotated[Text, StringConstraints(max_length=80)] = "Presentation"
    text: Prose
    exhibits: Exhibits = ()
    items: Annotated[Items, Field(min_length=1)]


PLACE = r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*"


class Waiver(Shape):
    """A rule of the lint that the case breaks with reason; `at` a field, or wherever it does."""

    rule: Annotated[str, written_as(r"L\d{2}", "the id of a rule, like L24")]
    why: Annotated[Text, Field(min_length=12)]
    at: Annotated[str, written_as(PLACE, "a field, like items[0].lead_in")] | None = None

    def silences(self, rule: str, field: str) -> bool:
        """Whether a finding of *rule* at *field* is kept."""
        return rule == self.rule and (self.at in (None, field) or field.startswith(f"{self.at}["))


class Case(Shape):
    """A patient's situation and what is asked about it.

    `topic`, `tracks`, `focus`, `condition`, `population` and `setting` are ids of the
    blueprint; `facts` are ids of the fact base the keys rest on. A case says all at once
    (`vignette`, `exhibits`, `items`), or unfolds in `stages`; `parts` and `questions` are the
    same for both. `sibling_of` is the slug of a case that asks for the same decision in another
    story. `decision` says in a sentence what has to be decided, to those who write and review.
    """

    format: Literal[2]
    slug: Key
    title: Annotated[Text, StringConstraints(max_length=120)]
    topic: Key
    tracks: Keys
    focus: Keys
    condition: Key | None = None
    population: Annotated[tuple[Key, ...], AfterValidator(_all_different)] = ()
    setting: Key | None = None
    facts: Facts
    sibling_of: Key | None = None
    decision: Annotated[Text, _of_few_words(LONGEST_DECISION)] | None = None
    vignette: Prose | None = None
    exhibits: Exhibits = ()
    items: Items = ()
    stages: Annotated[tuple[Stage, ...], Field(max_length=5)] = ()
    takeaway: Annotated[Text, _of_few_words(LONGEST_TAKEAWAY)]
    references: Annotated[tuple[Reference, ...], Field(min_length=1)]
    waivers: tuple[Waiver, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.stages and (self.vignette or self.exhibits or self.items):
            raise ValueError("a case with “stages” has no vignette, exhibits or items beside them")
        if len(self.stages) == 1:
            raise ValueError("a case that unfolds has two stages or more")
        if not self.stages and not (self.vignette and self.items):
            raise ValueError("give a “vignette” and “items”, or “stages”")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for things in (self.questions, [each for part in self.parts for each in part.exhibits]):
            keys = [thing.key for thing in things]
            if len(set(keys)) != len(keys):
                raise ValueError("give every item and every exhibit a “key” of its own")
        if self.sibling_of == self.slug:
            raise ValueError("a case is no sibling of its own: drop “sibling_of”")
        return self

    @cached_property
    def parts(self) -> tuple[Stage, ...]:
        """The stages; one for a case that says all at once."""
        if self.stages:
            return self.stages
        return (
            Stage.model_construct(
                title="Presentation",
                text=self.vignette or "",
                exhibits=self.exhibits,
                items=self.items,
            ),
        )

    @cached_property
    def questions(self) -> tuple[AnyItem, ...]:
        """Every item, in order."""
        return tuple(item for part in self.parts for item in part.items)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The field of every item, in order, like `items[0]` or `stages[1].items[0]`."""
        return tuple(
            f"stages[{n}].items[{m}]" if self.stages else f"items[{m}]"
            for n, part in enumerate(self.parts)
            for m, _ in enumerate(part.items)
        )

    @property
    def unfolds(self) -> bool:
        """Whether later parts appear only when the earlier ones are answered."""
        return bool(self.stages)


def parse_case(data: object) -> Case:
    """Return the case that *data* (as JSON or YAML gives it) describes, in format 1 or 2.

    Raises:
        InvalidCase: with every problem found.
    """
    wrong: list[tuple[str, str]] = []
    written = data.get("format") if isinstance(data, dict) else None
    if type(written) is int and written not in (1, 2):
        raise InvalidCase([Problem("format", "is not 1 or 2")])
    if isinstance(data, dict) and first_format.is_first(data):
        data, wrong = first_format.as_second(data)
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        raise InvalidCase(Problem(*each) for each in (*wrong, *complaints(error))) from None
    if wrong:
        raise InvalidCase(Problem(*each) for each in wrong)
    return case


def case_to_json(case: Case) -> dict[str, Any]:
    """Return the canonical JSON of *case*, format 2; `parse_case` gives the same case back."""
    return case.model_dump(mode="json", exclude_none=True)


def content_hash(case: Case) -> str:
    """Return the SHA-256 of the canonical JSON, in hex: equal only if all that is stored is.

    The body of an older version keeps the hash of the bytes that it was stored with.
    """
    return _sha256(case_to_json(case))


_UNORDERED = ("tracks", "focus", "population", "facts")
"""The lists of a case whose order says nothing."""


def said_hash(case: Case) -> str:
    """Return the SHA-256, in hex, of what *case* says: two cases that say the same share it.

    It does not hang on the format that the case was read in, on who approved it and when, on the
    layout of a file, on defaults written out, or on the order of tags. Every word and every sign
    of a number counts, since a fellow sees it: "0.50" is not "0.5".
    """
    said = case_to_json(case)
    tags = {name: sorted(said[name]) for name in _UNORDERED}
    return _sha256({name: said[name] for name in said if name != "format"} | tags)


def _sha256(body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
