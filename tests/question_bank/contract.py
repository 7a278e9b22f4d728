"""What holds for every item type and for whatever arrives as an answer."""

import json
from dataclasses import asdict
from fractions import Fraction

from question_bank.items import (
    Answer,
    InvalidResponse,
    Item,
    answer_text,
    answer_to_json,
    credit,
    for_fellow,
    matched_mistake,
    parse_answer,
)


def check_any_json(item: Item, raw: object) -> None:
    """Check that *raw* is an answer that can be kept and graded, or is refused with a sentence."""
    answer = answer_or_refusal(item, raw)
    if isinstance(answer, InvalidResponse):
        assert str(answer).endswith(".")
        return

    assert 0 <= credit(item, answer) <= 1
    assert credit(item, answer) < 1 or matched_mistake(item, answer) is None
    assert bool(answer_text(item, answer)) is (answer is not None)
    assert round_trip(item, raw)


def answer_or_refusal(item: Item, raw: object) -> Answer | InvalidResponse | None:
    """Return the answer in *raw*, or the refusal of it; anything else is raised."""
    try:
        return parse_answer(item, raw)
    except InvalidResponse as refusal:
        return refusal


def earned(item: Item, raw: object) -> Fraction:
    """Return the credit of the answer in *raw*."""
    return credit(item, parse_answer(item, raw))


def round_trip(item: Item, raw: object) -> bool:
    """Return whether the answer in *raw* is the same after it was stored."""
    answer = parse_answer(item, raw)
    return parse_answer(item, json.loads(json.dumps(answer_to_json(answer)))) == answer


def shown_besides_options(item: Item) -> str:
    """Return all that the fellow is told of *item*, but for the texts of its options."""
    return repr(asdict(for_fellow(item)) | {"options": None})
