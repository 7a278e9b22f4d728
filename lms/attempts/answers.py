"""Answers on their way between the page, where options are shuffled, and the authored item."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from question_bank.items import InvalidResponse, ItemForFellow


def authored(raw: object, order: Sequence[int]) -> object:
    """Return *raw*, whose choices are places as shown, with authored indices instead.

    Args:
        raw: What the page sent: None, or the JSON of an answer.
        order: `order[0]` is the authored index of the option that was shown first.

    Raises:
        InvalidResponse: a choice that was not shown.
    """
    if not isinstance(raw, dict) or "chosen" not in raw:
        return raw
    chosen = raw["chosen"]
    if isinstance(chosen, list):
        return raw | {"chosen": [_index(place, order) for place in chosen]}
    return raw | {"chosen": _index(chosen, order)}


def _index(place: object, order: Sequence[int]) -> int:
    if type(place) is not int or not 0 <= place < len(order):
        raise InvalidResponse("Choose one of the options shown.")
    return order[place]


def as_shown(answer: dict[str, Any] | None, order: Sequence[int]) -> dict[str, Any] | None:
    """Return a stored *answer*, whose choices are authored indices, as it was shown."""
    if answer is None or "chosen" not in answer:
        return answer
    chosen = answer["chosen"]
    if isinstance(chosen, list):
        return {"chosen": sorted(order.index(index) for index in chosen)}
    return {"chosen": order.index(chosen)}


def raw_of_form(item: ItemForFellow, form: MultiDict[str, str], position: int) -> Any:
    """Return what a form posted for the item at *position*, as a script would have sent it.

    Whether the item offers such an answer is not looked at here.
    """
    values = form.getlist(f"answer-{position}")
    if item.options:
        places = [int(value) if value.isascii() and value.isdigit() else value for value in values]
        if not places:
            return None
        several = item.type == "multiple_response" or len(places) > 1
        return {"chosen": places if several else places[0]}
    text = values[0].strip() if values else ""
    if not text:
        return None
    if item.type != "numeric":
        return {"text": text}
    unit = form.get(f"unit-{position}", "")
    return {"value": text, "unit": unit} if unit else {"value": text}
