"""Answers on their way between the page, where options are shuffled, and the authored item."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from question_bank.items import renamed


def authored(raw: object, order: Sequence[int]) -> Any:
    """Return *raw*, whose choices are places as shown, with authored indices instead.

    Args:
        raw: What the page sent: None, or the JSON of an answer.
        order: `order[0]` is the authored index of the option that was shown first.

    Raises:
        InvalidResponse: a choice that was not shown.
    """
    return renamed(raw, order)


def as_shown(answer: dict[str, Any] | None, order: Sequence[int]) -> dict[str, Any] | None:
    """Return a stored *answer*, whose choices are authored indices, as it was shown."""
    places = {index: place for place, index in enumerate(order)}
    shown: dict[str, Any] | None = renamed(answer, [places[n] for n in range(len(order))])
    return shown


def controls_at(form: MultiDict[str, str], position: int) -> dict[str, list[str]]:
    """Return the controls of the item at *position*: `answer-7` is its control `answer`."""
    tail = f"-{position}"
    found = {
        name.removesuffix(tail): [_plain(value) for value in values]
        for name, values in form.lists()
        if name.endswith(tail)
    }
    return {name: values for name, values in found.items() if any(values)}


def _plain(value: str) -> str:
    """Return *value* as it is kept: forms send lines with ends of their own."""
    return value.replace("\r\n", "\n").strip()


def as_controls(raw: object) -> Mapping[str, list[str]] | None:
    """Return what a script sent as an item's controls; None if it is something else."""
    if not isinstance(raw, dict):
        return None
    for name, values in raw.items():
        if not isinstance(name, str) or not isinstance(values, list):
            return None
        if not all(isinstance(value, str) for value in values):
            return None
    return raw
