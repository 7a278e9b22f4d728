"""An item of every type, from one file, and answers to it: sensible ones and any others."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from question_bank.formats.native import read_case
from question_bank.items import AnyItem
from question_bank.items.key_feature import KeyFeature
from question_bank.items.numeric import Numeric
from tests.question_bank.builders import JSON, an_unfolding_case_file
from tests.question_bank.contract import best_answer

CASE = read_case(an_unfolding_case_file(), "all-kinds.yaml")
KINDS = CASE.questions
BY_KEY = {item.key: item for item in KINDS}

FIELDS = ("chosen", "value", "unit", "text", "picks", "ranks", "entries")
"""The names that answers have."""

CONTROLS = (
    "answer",
    "unit",
    *(f"{name}.{n}" for name in ("row", "rank", "entry") for n in range(9)),
)
"""The names that controls have."""

LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)


def changed(item: AnyItem, **changes: Any) -> Any:
    """Return *item* with other fields; everything is checked again."""
    return type(item).model_validate(item.model_dump(exclude_none=True) | changes)


def answers(item: AnyItem) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers that *item* takes, as JSON; none is blank."""
    return ANSWERS[item.type](item)


def count_of(item: AnyItem) -> int:
    """Return how many options an index in an answer may name."""
    return len(item.options if isinstance(item, KeyFeature) else item.for_fellow().options)


def _one(item: AnyItem) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"chosen": st.integers(0, count_of(item) - 1)})


def _number(_item: Numeric) -> st.SearchStrategy[dict[str, Any]]:
    unit = st.sampled_from([None, "mg/day", "g/day", "mcg/h"])
    value = st.integers(-(10**6), 10**6).map(lambda n: f"{n / 100:.2f}")
    return st.fixed_dictionaries({"value": value, "unit": unit})


def _text(*said: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"text": st.sampled_from(said) | LINE})


def _features(item: KeyFeature) -> st.SearchStrategy[dict[str, Any]]:
    if item.mode == "menu":
        return _chosen(len(item.options))
    entry = st.sampled_from(["", *(option.text for option in item.options)]) | LINE
    entries = st.lists(entry, min_size=1, max_size=item.permitted).filter(any)
    return st.fixed_dictionaries({"entries": entries})


def _chosen(count: int) -> st.SearchStrategy[dict[str, Any]]:
    indices = st.lists(st.integers(0, count - 1), min_size=1, unique=True)
    return st.fixed_dictionaries({"chosen": indices})


def _picks(rows: int, count: int) -> st.SearchStrategy[dict[str, Any]]:
    pick = st.none() | st.integers(0, count - 1)
    row = st.lists(pick, min_size=rows, max_size=rows).filter(lambda found: found != [None] * rows)
    return st.fixed_dictionaries({"picks": row})


def _ranks(count: int) -> st.SearchStrategy[dict[str, Any]]:
    ranks = st.dictionaries(st.integers(0, count - 1), st.integers(1, count), min_size=1)
    pairs = ranks.map(lambda found: [[step, str(rank)] for step, rank in found.items()])
    return st.fixed_dictionaries({"ranks": pairs})


ANSWERS: dict[str, Callable[[Any], st.SearchStrategy[dict[str, Any]]]] = {
    "single_best_answer": _one,
    "multiple_response": lambda item: _chosen(len(item.options)),
    "numeric": _number,
    "short_answer": lambda _item: _text("foot drop", "a neuropathy"),
    "extended_matching": lambda item: _picks(len(item.stems), len(item.options)),
    "matching": lambda item: _picks(len(item.pairs), len(item.choices)),
    "ordering": lambda item: _ranks(len(item.steps)),
    "script_concordance": _one,
    "key_feature": _features,
    "hotspot": _one,
    "essay": lambda item: _text(item.model_answer),
}


def near(item: AnyItem) -> st.SearchStrategy[Any]:
    """Return whatever may be sent as an answer to *item*: any JSON, and what looks like one."""
    named = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3)
    true = answers(item)
    amended = st.builds(lambda answer, more: answer | more, true, named)
    spoiled = st.builds(_spoiled, true, st.integers(0, 9), JSON)
    return JSON | named | true | amended | spoiled | st.just(best_answer(item))


def _spoiled(answer: dict[str, Any], place: int, value: Any) -> dict[str, Any]:
    """Return *answer* with *value* in one place of its list."""
    found = {name: list(each) if isinstance(each, list) else each for name, each in answer.items()}
    for name, each in found.items():
        if isinstance(each, list):
            each[place % len(each)] = value
        else:
            found[name] = value
    return found


CONTROL_FIELDS = st.dictionaries(
    st.sampled_from(CONTROLS) | st.text(max_size=8),
    st.lists(st.sampled_from(["", "0", "1", "2", "3", "00", "-1", "x"]) | st.text(), max_size=3),
    max_size=6,
)
"""Whatever a page, or a person with a keyboard, may send as controls."""
