"""What every part of a case is read as: frozen shapes, and what texts must be like."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

LONGEST_SLUG = 80

POSITION = re.compile(
    r"\b(options?|answers?|choices?) [A-H]\b|\b(first|second|third|fourth|fifth|last) option\b"
    r"|\boption (above|below)\b|\bthe (above|below) options?\b"
)
"""Words that point at a place in the list, which shuffling would make wrong."""

WHOLESALE = re.compile(
    r"\b(all|none|both) of (the )?(above|these)\b|^both [A-H]\b|\b[A-H] and [A-H]\b", re.IGNORECASE
)
"""Options that are about other options."""


def is_slug(text: str) -> bool:
    """Return whether *text* may be the name of something in addresses: of `SLUG`, and not long."""
    return len(text) <= LONGEST_SLUG and re.fullmatch(SLUG, text, re.ASCII) is not None


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
    str,
    StringConstraints(max_length=LONGEST_SLUG),
    written_as(SLUG, "a lower-case name with hyphens"),
]
Reason = Annotated[Text, AfterValidator(_reason)]
LeadIn = Annotated[Text, AfterValidator(_question)]
OptionText = Annotated[Text, AfterValidator(_own_option)]
Harm = Annotated[str, StringConstraints(min_length=3, max_length=120)]

Switch = Annotated[
    Literal[True] | None, BeforeValidator(lambda value: None if value is False else value)
]
"""Something that is so only where a case says it: where it does not, nothing is stored of it."""
