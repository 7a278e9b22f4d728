"""Answers on their way between the page, where options are shuffled, and the authored item."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from question_bank.items import Fields, Json, renamed


def authored(answer: Json, order: Sequence[int]) -> Json:
    """Return *answer*, whose choices are places as shown, with authored indices instead.

    Args:
        answer: The JSON of an answer; None: blank.
        order: `order[0]` is the authored index of the option that was shown first.

    Raises:
        InvalidResponse: a choice that was not shown.
    """
    return renamed(answer, order)


def as_shown(answer: Mapping[str, Json] | None, order: Sequence[int]) -> dict[str, Json] | None:
    """Return a stored *answer*, whose choices are authored indices, as it was shown."""
    if answer is None:
        return None
    place_of = {index: place for place, index in enumerate(order)}
    places = [place_of[index] for index in range(len(order))]
    return {name: renamed(value, places) for name, value in answer.items()}


def controls_at(form: MultiDict[str, str], position: int) -> dict[str, list[str]]:
    """Return the controls of the item at *position*: `answer-7` is its control `answer`."""
    tail = f"-{position}"
    controls = {
        name.removesuffix(tail): [_plain(value) for value in values]
        for name, values in form.lists()
        if name.endswith(tail)
    }
    return {name: values for name, values in controls.items() if any(values)}


def _plain(value: str) -> str:
    """Return *value* as it is kept: forms send lines with ends of their own."""
    return value.replace("\r\n", "\n").strip()


def as_controls(sent: object) -> Fields | None:
    """Return what a script sent as an item's controls; None if it is something else."""
    if not isinstance(sent, dict):
        return None
    for name, values in sent.items():
        if not isinstance(name, str) or not isinstance(values, list):
            return None
        if not all(isinstance(value, str) for value in values):
            return None
    return sent
