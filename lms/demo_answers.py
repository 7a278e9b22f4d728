"""What the demonstration's fellows answer: the key, or a mistake, for each item type."""

import random
from collections.abc import Mapping, Sequence
from functools import singledispatch

from question_bank.items import AnyItem, Json
from question_bank.items.base import Option
from question_bank.items.essay import Essay
from question_bank.items.extended_matching import ExtendedMatching
from question_bank.items.hotspot import Hotspot
from question_bank.items.key_feature import KeyFeature
from question_bank.items.matching import Matching
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.numeric import Numeric
from question_bank.items.ordering import Ordering
from question_bank.items.short_answer import ShortAnswer, words
from question_bank.items.single_best_answer import SingleBestAnswer

Raw = Mapping[str, Json]


@singledispatch
def _key(_item: AnyItem) -> Raw | None:
    return None


@singledispatch
def _mistake(item: AnyItem, _chance: random.Random) -> Raw | None:
    return _key(item)


def demo_answer(item: AnyItem, *, right: bool, chance: random.Random) -> Raw | None:
    """Return the JSON of an answer, in authored indices; None, blank, for a type unknown here."""
    return _key(item) if right else _mistake(item, chance)


def _indices(options: Sequence[Option], *, key: bool) -> list[int]:
    return [index for index, option in enumerate(options) if option.key == key]


@_key.register
def _(item: SingleBestAnswer) -> Raw:
    return {"chosen": _indices(item.options, key=True)[0]}


@_mistake.register
def _(item: SingleBestAnswer, chance: random.Random) -> Raw:
    return {"chosen": chance.choice(_indices(item.options, key=False))}


@_key.register
def _(item: Hotspot) -> Raw:
    return {"chosen": _indices(item.regions, key=True)[0]}


@_mistake.register
def _(item: Hotspot, chance: random.Random) -> Raw:
    return {"chosen": chance.choice(_indices(item.regions, key=False))}


@_key.register
def _(item: MultipleResponse) -> Raw:
    return {"chosen": _indices(item.options, key=True)}


@_mistake.register
def _(item: MultipleResponse, chance: random.Random) -> Raw:
    keys = _indices(item.options, key=True)
    return {"chosen": [*keys[1:], chance.choice(_indices(item.options, key=False))]}


@_key.register
def _(item: Numeric) -> Raw:
    return {"value": item.answer} | ({"unit": item.unit} if item.unit else {})


@_mistake.register
def _(item: Numeric, _chance: random.Random) -> Raw:
    value = item.mistakes[0].value if item.mistakes else "0"
    return {"value": value} | ({"unit": item.unit} if item.unit else {})


@_key.register
def _(item: ShortAnswer) -> Raw:
    return {"text": words(item.accept[0])}


@_mistake.register
def _(item: ShortAnswer, _chance: random.Random) -> Raw:
    return {"text": words(item.mistakes[0].text) if item.mistakes else "I do not know"}


@_key.register
def _(item: ExtendedMatching) -> Raw:
    return {"picks": list(item.keys)}


@_mistake.register
def _(item: ExtendedMatching, _chance: random.Random) -> Raw:
    return {"picks": [item.keys[0]] * len(item.keys)}


@_key.register
def _(item: Matching) -> Raw:
    return {"picks": list(range(len(item.pairs)))}


@_mistake.register
def _(item: Matching, _chance: random.Random) -> Raw:
    return {"picks": [1, 0, *range(2, len(item.pairs))]}


@_key.register
def _(item: Ordering) -> Raw:
    return {"ranks": [[step, str(step + 1)] for step in range(len(item.steps))]}


@_mistake.register
def _(item: Ordering, _chance: random.Random) -> Raw:
    last = len(item.steps)
    return {"ranks": [[step, str(last - step)] for step in range(last)]}


@_key.register
def _(_item: Essay) -> Raw:
    return {"text": "The main points, said briefly and in plain words."}


@_key.register
def _(item: KeyFeature) -> Raw:
    return _features(item, _indices(item.options, key=True)[: item.permitted])


@_mistake.register
def _(item: KeyFeature, _chance: random.Random) -> Raw:
    return _features(item, _indices(item.options, key=True)[:1])


def _features(item: KeyFeature, chosen: list[int]) -> Raw:
    if item.mode == "menu":
        return {"chosen": chosen}
    return {"entries": [item.options[index].text for index in chosen]}
