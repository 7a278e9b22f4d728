"""Items and cases to test with, as an author would write them, and answers to throw at them."""

import csv
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from question_bank.case import Case, parse_case
from question_bank.items import AnyItem
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.numeric import Numeric
from question_bank.items.short_answer import ShortAnswer
from question_bank.items.single_best_answer import SingleBestAnswer

CONTENT = Path(__file__).parents[2] / "question_bank" / "content"

WHY = "Because this patient’s findings, taken together with the history, speak for it so."

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
"""Whatever a browser, or a person with a keyboard, may send."""


def near_answers(field: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What looks like an answer: the right name, one of *values* or anything else in it."""
    extra = st.just({}) | st.fixed_dictionaries({"unit": JSON}) | st.dictionaries(st.text(), JSON)
    return JSON | st.builds(lambda value, more: {field: value} | more, values | JSON, extra)


def single(
    key: int = 1, texts: tuple[str, ...] = ("Rest", "Walk", "Lift", "Swim"), **more: Any
) -> SingleBestAnswer:
    """Return a single-best-answer item whose option *key* is right."""
    return SingleBestAnswer.model_validate(single_data(key, texts) | more)


def several(
    keys: set[int] | frozenset[int] = frozenset({0, 2}),
    texts: tuple[str, ...] = ("Rest", "Walk", "Lift", "Swim", "Ride"),
    **more: Any,
) -> MultipleResponse:
    """Return a multiple-response item whose options *keys* are right."""
    options = [{"text": text, "why": WHY, "key": n in keys} for n, text in enumerate(texts)]
    data = single_data() | {"type": "multiple_response", "options": options}
    return MultipleResponse.model_validate(data | more)


def single_data(
    key: int = 1, texts: tuple[str, ...] = ("Rest", "Walk", "Lift", "Swim")
) -> dict[str, Any]:
    """Return what an author writes of an item with options."""
    return {
        "key": "next-step",
        "type": "single_best_answer",
        "level": "application",
        "lead_in": "Which of the following is best?",
        "covered_answer": "Walking",
        "options": [{"text": text, "why": WHY, "key": n == key} for n, text in enumerate(texts)],
    }


def number(
    answer: str = "100",
    *,
    absolute: str | None = None,
    relative: str | None = None,
    mistakes: tuple[str, ...] = (),
    **more: Any,
) -> Numeric:
    """Return a numeric item; without a tolerance the answer has to be exact."""
    if absolute is None and relative is None:
        absolute = "0"
    data = {
        "key": "total-dose",
        "type": "numeric",
        "level": "application",
        "lead_in": "What is the total daily dose?",
        "answer": answer,
        "tolerance": {"absolute": absolute, "relative": relative},
        "why": WHY,
        "mistakes": [{"value": value, "why": WHY} for value in mistakes],
    }
    return Numeric.model_validate(data | more)


def words(*accept: str, mistakes: tuple[str, ...] = (), **more: Any) -> ShortAnswer:
    """Return a short-answer item that accepts *accept*."""
    data = {
        "key": "name-it",
        "type": "short_answer",
        "level": "application",
        "lead_in": "What is this called?",
        "accept": accept,
        "why": WHY,
        "mistakes": [{"text": text, "why": WHY} for text in mistakes],
    }
    return ShortAnswer.model_validate(data | more)


def case_data(*items: AnyItem | dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the JSON of a case with *items*, or theirs; tags as in the shipped blueprint.

    Every case of the tests is built from it, but for those that try the rules of item writing.
    """
    return {
        "format": 1,
        "slug": "a-case",
        "title": "A case",
        "topic": "rehab-spine",
        "tracks": ["ipm", "fm"],
        "level": "application",
        "focus": ["focus-treatment"],
        "facts": ["R01", "R112"],
        "vignette": "A teacher comes to the clinic.",
        "items": [_item_data(item) for item in items or (single(),)],
        "takeaway": "Keep moving.",
        "references": [
            {
                "authors": "Roe J",
                "title": "Moving",
                "source": "Journal of Moving 2020;1(1)",
                "year": 2020,
                "supports": "Moving.",
            }
        ],
        "reviewed_on": "2026-01-01",
        "review_by": "2028-01-01",
        "clinical_review": "pending",
    } | more


def _item_data(item: AnyItem | dict[str, Any]) -> dict[str, Any]:
    data = item if isinstance(item, dict) else item.model_dump(mode="json", exclude_none=True)
    return {name: value for name, value in data.items() if name != "level"}


def make_case(*items: AnyItem, **more: Any) -> Case:
    """Return a case with *items*."""
    return parse_case(case_data(*items, **more))


def a_case_file() -> str:
    """Return a case file that says all at once, with an item of each of the plain types."""
    return (Path(__file__).parent / "data" / "a-case.yaml").read_text(encoding="utf-8")


def an_unfolding_case_file() -> str:
    """Return a case file in stages, with exhibits and an item of every type."""
    return (Path(__file__).parent / "data" / "all-kinds.yaml").read_text(encoding="utf-8")


def blueprint_text() -> str:
    """Return the shipped blueprint as it is written."""
    return (CONTENT / "blueprint.yaml").read_text(encoding="utf-8")


def case_files() -> list[Path]:
    """Return the files of the shipped cases."""
    return sorted(CONTENT.glob("*/*.yaml"))


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file in `data`."""
    with (Path(__file__).parent / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(name: str) -> dict[str, Any]:
    """Return a JSON file in `data`."""
    path = Path(__file__).parent / "data" / name
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
