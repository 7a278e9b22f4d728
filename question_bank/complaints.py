"""What pydantic finds wrong, said plainly: which field, and what it is or has."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from question_bank.items import ITEM_TYPES

_TYPES = tuple(kind.type_name() for kind in ITEM_TYPES)

_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the format",
    "union_tag_invalid": f"needs a “type” among {', '.join(_TYPES)}",
    "union_tag_not_found": f"needs a “type” among {', '.join(_TYPES)}",
    "too_short": "has {actual_length}; give at least {min_length}",
    "too_long": "has {actual_length}; give at most {max_length}",
    "string_type": "is not text; put it in quotes",
    "string_too_short": "is too short; write at least {min_length} characters",
    "string_too_long": "is too long; write at most {max_length} characters",
    "string_unicode": "holds half a character",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is not a whole number that is in use",
    "int_from_float": "is not a whole number",
    "finite_number": "is not a whole number",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "tuple_type": "is not a list",
    "model_type": "is not a group of fields",
    "model_attributes_type": "is not a group of fields",
    "date_type": "is not a date like 2026-01-31",
    "date_parsing": "is not a date like 2026-01-31",
    "date_from_datetime_parsing": "is not a date like 2026-01-31",
    "date_from_datetime_inexact": "is a moment; give the date alone, like 2026-01-31",
}
"""By pydantic's name of the error; in braces, what pydantic knows of it."""

_EVEN_OF_NOTHING = ("missing", "extra_forbidden", "value_error")
"""Errors that are not about a value that is left out behind the name of its field."""


def complaints(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield field and sentence for everything that is wrong, once each."""
    for each in _own(error.errors()):
        yield _field(each), _sentence(each)


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return *errors* without lists called too short only since a part of them is in error."""
    around = {each["loc"][:depth] for each in errors for depth in range(len(each["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in around]


def _field(error: ErrorDetails) -> str:
    loc = error["loc"]
    parts = [
        part
        for place, part in enumerate(loc)
        # pydantic names the type of an item as if it were a field
        if part not in _TYPES or place < 2 or loc[place - 2] != "items"
    ]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return field.lstrip(".") or "case"


def _sentence(error: ErrorDetails) -> str:
    kind, value, known = error["type"], error["input"], error.get("ctx", {})
    blank = value is None or (isinstance(value, str) and not value.strip())
    if blank and kind not in _EVEN_OF_NOTHING:
        return "is empty"
    if kind == "literal_error":
        return _not_among(known["expected"])
    if kind == "string_type" and isinstance(value, dict | list):
        return "is not text"
    if kind == "too_long" and not isinstance(value, dict | list | tuple):
        return _SENTENCES["string_too_long"].format(**known)  # a text that a validator made
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**known)
    return error["msg"].removeprefix("Value error, ")


def _not_among(expected: str) -> str:
    """Return the sentence for a value that is none of those in *expected*: "'a', 'b' or 'c'"."""
    values = expected.replace("'", "").replace(" or ", ", ")
    return f"is not one of {values}" if "," in values else f"is not {values}"
