"""What holds for every item type and for whatever arrives as an answer."""

import json
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from question_bank.items import Answer, AnyItem, InvalidResponse, ReviewLine, answer_to_json
from question_bank.items.key_feature import KeyFeature
from question_bank.items.script_concordance import ScriptConcordance
from question_bank.items.short_answer import words


def check_any_json(item: AnyItem, raw: object) -> None:
    """Check that *raw* is an answer that can be kept and graded, or is refused with a sentence."""
    answer = answer_or_refusal(item, raw)
    if isinstance(answer, InvalidResponse):
        assert str(answer).endswith(".")
        return

    found = item.credit_for(answer)
    assert found is None or (isinstance(found, Fraction) and 0 <= found <= 1)
    assert found != 1 or mistake_in(item, answer) is None
    assert not item.harms(answer) or found != 1
    assert bool(item.answer_text(answer)) is (answer is not None)
    assert round_trip(item, raw)


def answer_or_refusal(item: AnyItem, raw: object) -> Answer | InvalidResponse | None:
    """Return the answer in *raw*, or the refusal of it; anything else is raised."""
    try:
        return item.parse_answer(raw)
    except InvalidResponse as refusal:
        return refusal


def earned(item: AnyItem, raw: object) -> Fraction | None:
    """Return the credit of the answer in *raw*."""
    return item.credit_for(item.parse_answer(raw))


def round_trip(item: AnyItem, raw: object) -> bool:
    """Return whether the answer in *raw* is the same after it was stored."""
    answer = item.parse_answer(raw)
    return item.parse_answer(json.loads(json.dumps(answer_to_json(answer)))) == answer


def mistake_in(item: AnyItem, answer: Answer | None) -> ReviewLine | None:
    """Return what was chosen and is no key, or None; of several the first."""
    if isinstance(item, ScriptConcordance):
        return None
    return next((line for line in item.review(answer) if line.chosen and not line.is_key), None)


def shown_besides_options(item: AnyItem) -> str:
    """Return all that the fellow is told of *item*, but for the texts of its options."""
    return repr(asdict(item.for_fellow()) | {"options": None})


def best_answer(item: AnyItem) -> dict[str, Any]:
    """Return the answer that is the key, as a page would send it with nothing shuffled."""
    keys = [each.index for each in item.review(None) if each.is_key and each.index is not None]
    return BEST[item.type](item) if item.type in BEST else {"chosen": keys[0]}


def _best_features(item: KeyFeature) -> dict[str, Any]:
    keys = [n for n, option in enumerate(item.options) if option.key]
    keys = sorted(keys, key=lambda n: -item.options[n].weight)[: item.permitted]
    if item.mode == "menu":
        return {"chosen": keys}
    return {"entries": [item.options[n].text for n in keys]}


def _most_frequent(item: ScriptConcordance) -> dict[str, Any]:
    return {"chosen": item.panel.counts.index(item.panel.mode) if item.panel else 2}


BEST: dict[str, Callable[[Any], dict[str, Any]]] = {
    "multiple_response": lambda item: {"chosen": sorted(item.keys)},
    "numeric": lambda item: {"value": item.answer, "unit": item.unit},
    "short_answer": lambda item: {"text": words(item.accept[0])},
    "extended_matching": lambda item: {"picks": list(item.keys)},
    "matching": lambda item: {"picks": list(range(len(item.pairs)))},
    "ordering": lambda item: {"ranks": [[n, str(n + 1)] for n in range(len(item.steps))]},
    "script_concordance": _most_frequent,
    "key_feature": _best_features,
    "essay": lambda item: {"text": item.model_answer},
}
"""The best answer by type, where it is not the one option that is the key."""

NEVER_SHOWN = (
    "why", "harm", "misconception", "covered_answer", "model_answer", "accept", "levels",
    "mistakes",
)  # fmt: skip


def secrets_of(item: AnyItem) -> list[str]:
    """Return every text of *item* that a fellow is not to see before the answers are released.

    Patterns are left out that are too short to be told from an ordinary word.
    """
    return [text for text in _texts(item.model_dump(exclude_none=True)) if len(text) > 9]


def _texts(part: Any, *, secret: bool = False) -> list[str]:
    if isinstance(part, str):
        return [part] if secret else []
    if isinstance(part, dict):
        return [
            text
            for name, value in part.items()
            for text in _texts(value, secret=secret or name in NEVER_SHOWN)
        ]
    if isinstance(part, list | tuple):
        return [text for each in part for text in _texts(each, secret=secret)]
    return []
