"""Answers as they arrive and as they are kept: JSON whose integers are indices of options."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
"""What JSON can say."""

DEEPEST = 4
"""How deep the JSON of an answer nests."""

MISFIT = "This is not an answer to this item. Reload the page and try again."


class InvalidResponse(Exception):
    """An answer that the item does not offer; the message is for the person who gave it."""


class Answer(Protocol):
    """What a fellow may answer; every item type has its own. A blank answer is None."""

    def to_json(self) -> dict[str, object]:
        """Return the JSON that the item reads back; its integers are indices of options."""


def answer_to_json(answer: Answer | None) -> dict[str, object] | None:
    """Return what the item's `parse_answer` reads back."""
    return None if answer is None else answer.to_json()


def renamed(raw: Json, names: Sequence[int], *, depth: int = DEEPEST) -> Json:
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
