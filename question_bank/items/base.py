"""What the item types share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

POSITION = re.compile(
    r"\b(options?|answers?|choices?) [A-H]\b|\b(first|second|third|fourth|fifth|last) option\b"
    r"|\boption (above|below)\b|\bthe (above|below) options?\b"
)
"""Words that point at a place in the list, which shuffling would make wrong."""

WHOLESALE = re.compile(
    r"\b(all|none|both) of (the )?(above|these)\b|^both [A-H]\b|\b[A-H] and [A-H]\b", re.IGNORECASE
)
"""Options that are about other options."""


class InvalidResponse(Exception):
    """An answer that the item does not offer; the message is for the person who gave it."""


class Shape(BaseModel):
    """A frozen part of a case; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


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
Key = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Reason = Annotated[Text, AfterValidator(_reason)]
LeadIn = Annotated[Text, AfterValidator(_question)]


class Option(Shape):
    """One of the answers offered, and why it is right or wrong for this patient."""

    text: Annotated[Text, AfterValidator(_own_option)]
    key: bool = False
    why: Reason


class BaseItem(Shape):
    """What every item has. `points` weighs its credit in the score."""

    key: Key
    lead_in: LeadIn
    points: Annotated[int, Field(ge=1, le=10)] = 1


@dataclass(frozen=True)
class ItemForFellow:
    """An item as it may be shown while it is answered: it has no place for a key or a reason."""

    key: str
    type: str
    lead_in: str
    options: tuple[str, ...]
    choose: int | None
    unit: str | None
    units: tuple[str, ...]
    unit_required: bool
    shuffle: bool
    points: int


@dataclass(frozen=True)
class Explanation:
    """Why an answer is right or wrong. `index` is the option's, where there are options."""

    text: str
    is_key: bool
    why: str
    index: int | None = None


def folded(text: str) -> str:
    """Return *text* as options are compared: case and spacing aside."""
    return " ".join(text.casefold().split())


def check_options(options: tuple[Option, ...]) -> None:
    """Refuse options that say the same.

    Raises:
        ValueError: two options are equal but for case and spacing.
    """
    seen: set[str] = set()
    for option in options:
        if folded(option.text) in seen:
            raise ValueError(f"the option “{option.text}” stands there twice")
        seen.add(folded(option.text))


def explain_options(options: tuple[Option, ...]) -> tuple[Explanation, ...]:
    """Return the explanation of every option, in the authored order."""
    return tuple(
        Explanation(option.text, option.key, option.why, index)
        for index, option in enumerate(options)
    )


def fields_of(raw: object, *allowed: str) -> Mapping[str, Any]:
    """Return *raw* as a mapping with no other than the *allowed* names.

    Raises:
        InvalidResponse: it is something else.
    """
    if not isinstance(raw, dict) or not set(raw) <= set(allowed):
        raise InvalidResponse("This is not an answer to this item. Reload the page and try again.")
    return raw


def index_of(value: object, count: int) -> int:
    """Return *value* as the index of one of *count* options.

    Raises:
        InvalidResponse: there is no such option.
    """
    if type(value) is not int or not 0 <= value < count:
        raise InvalidResponse("Choose one of the options shown.")
    return value
