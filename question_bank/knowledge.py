"""What the bank knows beside its cases: facts that keys rest on, and acts that harm a patient."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from question_bank.case import FactId
from question_bank.complaints import complaints
from question_bank.formats.plain_yaml import Unreadable, compose, line_in, read
from question_bank.formats.references.citation import doi_in
from question_bank.shapes import Harm, Key, Shape, Text

LONGEST = 1_000_000
"""Characters that a list may have."""

MOST = 5_000
"""Entries that a list may have."""

_PUBMED = re.compile(r"\bPMID:? ?(\d{1,9})\b")
_ADDRESS = re.compile(r"\bhttps://[^\s\"<>{}]+")


class ClinicalFact(Shape):
    """A clinical statement with its sources.

    `status`: *solid* may carry a key; of a *check* the source has to be opened first. `read`:
    whether the statement was read in its source, or a summary of it, when it was written down:
    *all* of it, *part* of it, or *none*. `sources`: each in one line, with year and, where there
    is one, DOI, PMID or address. `looked_up`: the day on which they were last looked up, if that
    was noted; `next_look`: the day by which they are to be looked up again.
    """

    id: FactId
    status: Literal["solid", "check"]
    read: Literal["all", "part", "none"]
    statement: Annotated[Text, StringConstraints(max_length=2000)]
    sources: Annotated[tuple[Text, ...], Field(max_length=12)] = ()
    looked_up: date | None = None
    next_look: date | None = None

    @model_validator(mode="after")
    def _looked_up_before(self) -> Self:
        if self.next_look and (self.looked_up is None or self.looked_up >= self.next_look):
            raise ValueError("“next_look” is a day after “looked_up”")
        return self


def _expression(value: str) -> str:
    try:
        pattern = re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if pattern.groups or pattern.flags != re.UNICODE:
        raise ValueError("has groups that are kept, or flags: write (?:…)")
    return value


Expression = Annotated[
    str, StringConstraints(min_length=3, max_length=300), AfterValidator(_expression)
]
"""A regular expression, for texts in which case does not count; several can be made one."""


def _in(expression: str, text: str) -> bool:
    return _pattern(expression).search(_one_line(text)) is not None


@lru_cache(maxsize=1024)
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


@lru_cache(maxsize=16)
def _one_line(text: str) -> str:
    """Return *text* in one line; a case is asked for each act in turn, with the same texts."""
    return " ".join(text.split())


class Tell(Shape):
    """What gives an act away: `option` is found in the text of an option that is the act.

    `patient` is found in the story of a patient whom it hurts; None: it hurts everybody.
    """

    option: Expression
    patient: Expression | None = None

    def gives_away(self, option: str, story: str) -> bool:
        """Return whether *option* says the act, in a case that tells this *story*."""
        return _in(self.option, option) and (self.patient is None or _in(self.patient, story))


class HarmfulAct(Shape):
    """Something done, or left undone, that hurts a patient.

    `name` says the act, `harm` what it does to the patient, `why` how it comes to that. `facts`
    are ids of the fact base; `exceptions` say when the act is right. `tells` recognize an option
    that is the act; none: only a reader does.
    """

    id: Key
    name: Annotated[Text, StringConstraints(max_length=160)]
    harm: Harm
    why: Text
    facts: Annotated[tuple[FactId, ...], Field(max_length=12)]
    exceptions: Text | None = None
    tells: Annotated[tuple[Tell, ...], Field(max_length=12)] = ()

    def told_by(self, option: str, story: str) -> bool:
        """Return whether *option* tells that it is the act, in a case that tells this *story*."""
        return any(each.gives_away(option, story) for each in self.tells)


def any_told(acts: Iterable[HarmfulAct]) -> Callable[[str], bool]:
    """Return whether an option says one of *acts*, whoever the patient is: asked before each."""
    tells = "|".join(f"(?:{tell.option})" for act in acts for tell in act.tells)
    return partial(_in, tells)


class _Facts(Shape):
    facts: Annotated[tuple[ClinicalFact, ...], Field(max_length=MOST)]


class _Acts(Shape):
    acts: Annotated[tuple[HarmfulAct, ...], Field(max_length=MOST)]


List = TypeVar("List", _Facts, _Acts)
Entry = TypeVar("Entry", ClinicalFact, HarmfulAct)


class InvalidList(Exception):
    """A list that cannot be used; the message names line and field."""


def parse_facts(text: str) -> dict[str, ClinicalFact]:
    """Return the facts in *text*, a YAML list under “facts”, by their ids.

    Raises:
        InvalidList: with everything that is wrong; nothing else is ever raised for bad text.
    """
    return _by_id(_read(text, _Facts).facts)


def parse_acts(text: str) -> dict[str, HarmfulAct]:
    """Return the acts in *text*, a YAML list under “acts”, by their ids. See `parse_facts`."""
    return _by_id(_read(text, _Acts).acts)


def address_of(source: str) -> str | None:
    """Return where a source can be opened: by its DOI, its number in PubMed or its address."""
    if doi := doi_in(source):
        return f"https://doi.org/{doi}"
    if number := _PUBMED.search(source):
        return f"https://pubmed.ncbi.nlm.nih.gov/{number[1]}/"
    address = _ADDRESS.search(source)
    return address[0].rstrip(".,;:)]") if address else None


def _read(text: str, kind: type[List]) -> List:
    try:
        entries, cut = read(text, LONGEST)
        if cut:
            raise InvalidList("; ".join(map(str, cut)))
        return kind.model_validate(entries)
    except Unreadable as problem:
        raise InvalidList(str(problem)) from None
    except ValidationError as error:
        root = compose(text, LONGEST)
        wrong = (f"line {line_in(root, at)}: {at}: {what}" for at, what in complaints(error))
        raise InvalidList("; ".join(wrong)) from None


def _by_id(entries: Sequence[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if found.setdefault(entry.id, entry) is not entry:
            raise InvalidList(f"“{entry.id}” stands there twice")
    return found
