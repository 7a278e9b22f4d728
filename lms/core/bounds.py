"""How long a text may be that a form takes: measured before anything is done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import Length

ANYTHING = 20_000
"""Characters that all values of a field may have together; each value counts one more."""

BY_KIND: Mapping[type[Field], int] = {
    HiddenField: ANYTHING,
    TextAreaField: ANYTHING,
    PasswordField: 1_000,
    StringField: 1_000,
}
"""The same for fields that people write into; the first that fits counts."""


@dataclass(frozen=True)
class Oversized:
    """What was sent for a field, and how long it may be."""

    values: list[str]
    longest: int

    @property
    def sentence(self) -> str:
        """What is said at the field."""
        return f"This is longer than {self.longest:,} characters. Shorten it."


def longest_of(field: Field) -> int:
    """Return how many characters *field* takes; a `Length` of its own may ask for more."""
    usual = next((n for kind, n in BY_KIND.items() if isinstance(field, kind)), ANYTHING)
    own: list[int] = [each.max for each in field.validators if isinstance(each, Length)]
    return max([usual, *own])


def within_bounds(
    fields: Mapping[str, Field], sent: MultiDict[str, Any]
) -> tuple[MultiDict[str, Any], dict[str, Oversized]]:
    """Return what of *sent* is for *fields* and not too long, and what is, by its field.

    What a field has sent `BESIDE` its own name is measured with it. Files are measured by who
    reads them.
    """
    taken: list[tuple[str, Any]] = []
    oversized = {}
    for name, field in fields.items():
        names = [field.name, *(f"{field.name}-{each}" for each in getattr(field, "BESIDE", ()))]
        values = [value for each in names for value in sent.getlist(each)]
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) + sum(map(_length, texts)) > longest_of(field) + 1:
            oversized[name] = Oversized(texts, longest_of(field))
        else:
            taken += [(each, value) for each in names for value in sent.getlist(each)]
    return MultiDict(taken), oversized


def _length(text: str) -> int:
    """Return how long *text* is as browsers count it: a line end, sent as two signs, is one."""
    return len(text) - text.count("\r\n")
