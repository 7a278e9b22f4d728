"""What the item types share."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

DEEPEST = 4
"""How deep the JSON of an answer nests."""

POSITION = re.compile(
    r"\b(options?|answers?|choices?) [A-H]\b|\b(first|second|third|fourth|fifth|last) option\b"
    r"|\boption (above|below)\b|\bthe (above|below) options?\b"
)
"""Words that point at a place in the list, which shuffling would make wrong."""

WHOLESALE = re.compile(
    r"\b(all|none|both) of (the )?(above|these)\b|^both [A-H]\b|\b[A-H] and [A-H]\b", re.IGNORECASE
)
"""Options that are about other options."""


UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, space without width, joiner without width, mark of byte order."""


class InvalidResponse(Exception):
    """An answer that the item does not offer; the message is for the person who gave it."""


MISFIT = "This is not an answer to this item. Reload the page and try again."


class Shape(BaseModel):
    """A frozen part of a case; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def written_as(pattern: str, what: str) -> AfterValidator:
    """Return the validator of text that is all of *pattern*, and otherwise "is not *what*"."""
    expression = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if expression.fullmatch(text) is None:
            raise ValueError(f"is not {what}")
        return text

    return AfterValidator(check)


def _reason(text: str) -> str:
    if len(text.split()) < 12:
        raise ValueError("say why in 12 words or more")
    if POSITION.search(text):
        raise ValueError("options are shuffled: name the option, not its place")
    return text


def _question(text: str) -> str:
    if not text.endswith("?") or text.count("?") != 1:
        raise ValueError("ask one closed question that ends with “?”")
    return text


def _own_option(text: str) -> str:
    if WHOLESALE.search(text):
        raise ValueError("an option stands for itself, not for others")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Key = Annotated[
    str, StringConstraints(max_length=80), written_as(SLUG, "a lower-case name with hyphens")
]
Reason = Annotated[Text, AfterValidator(_reason)]
LeadIn = Annotated[Text, AfterValidator(_question)]


OptionText = Annotated[Text, AfterValidator(_own_option)]
Harm = Annotated[str, StringConstraints(min_length=3, max_length=120)]

Use = Literal["scored", "formative", "none"]
"""What an item is fit for: any quiz, a formative one, or none as yet."""


class Option(Shape):
    """One of the answers offered, and why it is right or wrong for this patient.

    `harm` names what choosing it would do to the patient.
    """

    text: OptionText
    key: bool = False
    why: Reason
    harm: Harm | None = None

    @model_validator(mode="after")
    def _no_harmful_key(self) -> Self:
        if self.key and self.harm:
            raise ValueError("a key does no harm: drop “harm”, or “key”")
        return self


class BaseItem(Shape):
    """What every item has. `points` weighs its credit in the score."""

    key: Key
    type: str
    lead_in: LeadIn
    points: Annotated[int, Field(ge=1, le=10)] = 1

    @property
    def use(self) -> Use:
        """What the item is fit for."""
        return "scored"

    @property
    def key_name(self) -> str:
        """What its key is called, before the key; empty where there is none to be named."""
        return "Best answer"


class Answer(Protocol):
    """What a fellow may answer; every item type has its own. A blank answer is None."""

    def to_json(self) -> dict[str, object]:
        """Return the JSON that the type's `parse` reads; its integers are indices of options."""


@dataclass(frozen=True, kw_only=True)
class ItemForFellow:
    """An item as it may be shown while it is answered: it has no place for a key or a reason.

    `options` are what an answer names by index; `shuffle`: they have no order of their own.
    `selected`: the answer is chosen, so that it makes sense to ask how sure it is.
    Item types add what else they show.
    """

    key: str
    type: str
    lead_in: str
    points: int
    hint: str = ""
    options: tuple[str, ...] = ()
    shuffle: bool = False
    selected: bool = False


def common(item: Any) -> dict[str, Any]:
    """Return what every item shows, as keywords of `ItemForFellow`."""
    return {
        "key": item.key,
        "type": item.type,
        "lead_in": item.lead_in,
        "points": item.points,
    }


@dataclass(frozen=True)
class Line:
    """Something that could be answered, and why it is right or wrong.

    `index` is the option's, where it is one that was shown. `best` is what belongs to `text`,
    where the item asks for pairs, and `given` what was answered to it.
    """

    text: str
    why: str
    is_key: bool = False
    chosen: bool = False
    index: int | None = None
    harm: str | None = None
    best: str | None = None
    given: str | None = None


Fields = Mapping[str, Sequence[str]]
"""What the controls of an item hold: each control's name, and its values in the page's order."""


def place(value: str) -> int | str:
    """Return the number that a control's *value* is; other text as it is, to be refused."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else value


def renamed(raw: Any, names: Sequence[int], *, depth: int = DEEPEST) -> Any:
    """Return *raw* with each integer *n* in it replaced by `names[n]`.

    In the JSON of an answer an integer is always the index of an option, and nothing else
    is an integer; so this is all there is to shuffling.

    Raises:
        InvalidResponse: an integer that names nothing, or more than *depth* levels.
    """
    if depth < 0:
        raise InvalidResponse(MISFIT)
    match raw:
        case bool() | str() | float() | None:
            return raw
        case int():
            return names[index_of(raw, len(names))]
        case list():
            return [renamed(each, names, depth=depth - 1) for each in raw]
        case dict():
            return {name: renamed(each, names, depth=depth - 1) for name, each in raw.items()}
    return raw


def typed(text: str) -> str:
    """Return *text* with plain line ends and spaces, and without signs that cannot be seen.

    What is pasted from elsewhere is full of no-break spaces, soft hyphens and the like.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    signs = (" " if unicodedata.category(sign) == "Zs" else sign for sign in lines)
    return "".join(sign for sign in signs if sign not in UNSEEN).strip()


def folded(text: str) -> str:
    """Return *text* as options are compared: case and spacing aside."""
    return " ".join(text.casefold().split())


def check_different(texts: Iterable[str]) -> None:
    """Refuse options that say the same.

    Raises:
        ValueError: two options are equal but for case and spacing.
    """
    seen: set[str] = set()
    for text in texts:
        if folded(text) in seen:
            raise ValueError(f"the option “{text}” stands there twice")
        seen.add(folded(text))


def option_lines(options: Sequence[Option], chosen: Iterable[int]) -> tuple[Line, ...]:
    """Return a line for every option, in the authored order."""
    picked = frozenset(chosen)
    return tuple(
        Line(
            option.text,
            option.why,
            is_key=option.key,
            chosen=index in picked,
            index=index,
            harm=option.harm,
        )
        for index, option in enumerate(options)
    )


def fields_of(raw: object, *allowed: str) -> Mapping[str, Any]:
    """Return *raw* as a mapping with no other than the *allowed* names.

    Raises:
        InvalidResponse: it is something else.
    """
    if not isinstance(raw, dict) or not set(raw) <= set(allowed):
        raise InvalidResponse(MISFIT)
    return raw


def index_of(value: object, count: int) -> int:
    """Return *value* as the index of one of *count* options.

    Raises:
        InvalidResponse: there is no such option.
    """
    if type(value) is not int or not 0 <= value < count:
        raise InvalidResponse("Choose one of the options shown.")
    return value
