"""What the first edition wrote: read as what a case is today, without its review."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import InvalidCase, case_to_json, parse_case, said_hash
from question_bank.formats.native import read_case, write_case
from tests.question_bank.builders import (
    JSON,
    a_case_file,
    an_unfolding_case_file,
    case_data,
    make_case,
    number,
)
from tests.question_bank.test_case import case_or_refusal

FIRST = [a_case_file(), an_unfolding_case_file()]


@pytest.mark.parametrize("text", FIRST, ids=["at once", "in stages"])
def test_a_case_of_format_1_says_the_same_in_format_2(text: str) -> None:
    first = read_case(text, "first")

    second = read_case(write_case(first), "second")

    assert write_case(first).startswith("format: 2\n")
    assert second == first
    assert said_hash(second) == said_hash(first)


def test_every_item_takes_the_level_that_its_case_named() -> None:
    assert {item.level for item in parse_case(case_data(level="recall")).questions} == {"recall"}
    assert {item.level for item in read_case(FIRST[1], "all").questions} == {"judgement"}


def test_an_item_of_format_1_has_no_level_of_its_own() -> None:
    body = case_data(level="recall")
    body["items"][0]["level"] = "judgement"

    with pytest.raises(InvalidCase, match=r"^items\[0\].level: belongs to the case in format 1$"):
        parse_case(body)


def test_a_review_is_no_part_of_a_case() -> None:
    case = read_case(a_case_file(), "a-case.yaml")

    fields = {"level", "reviewed_on", "review_by", "clinical_review"}
    assert fields & set(type(case).model_fields) == set()
    assert fields & set(case_to_json(case)) == set()


@pytest.mark.parametrize(
    "review",
    [
        {"clinical_review": "signed"},
        {"reviewed_on": "2026-02-02"},
        {"review_by": "2030-01-01"},
    ],
)
def test_who_reviewed_a_case_and_when_is_no_part_of_what_it_says(review: dict[str, Any]) -> None:
    assert said_hash(parse_case(case_data(**review))) == said_hash(parse_case(case_data()))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({"tracks": ["fm", "ipm"]}, True, id="tags in another order"),
        pytest.param({"population": [], "condition": None}, True, id="defaults written out"),
        pytest.param({"title": "  A case "}, True, id="spaces around a text"),
        pytest.param({"title": "A  case"}, False, id="spaces inside a text"),
        pytest.param({"takeaway": "Keep moving"}, False, id="a sign less"),
        pytest.param({"level": "recall"}, False, id="another level"),
        pytest.param({"sibling_of": "another-case"}, False, id="a sibling"),
        pytest.param({"facts": ["R01"]}, False, id="a fact less"),
    ],
)
def test_what_counts_as_saying_the_same(change: dict[str, Any], same: bool) -> None:
    changed = said_hash(parse_case(case_data() | change))

    assert (changed == said_hash(parse_case(case_data()))) is same


def test_every_sign_of_a_number_is_said() -> None:
    assert said_hash(make_case(number("0.50"))) != said_hash(make_case(number("0.5")))


@given(JSON, st.sampled_from(["level", "stages", "items", "reviewed_on", "clinical_review"]))
def test_any_json_in_the_first_format_is_a_case_or_is_refused(value: Any, name: str) -> None:
    body = case_data() | {name: value}

    found = case_or_refusal(body)

    if isinstance(found, InvalidCase):
        assert found.problems
        assert all(problem.field and problem.message for problem in found.problems)
    else:
        assert parse_case(case_to_json(found)) == found
