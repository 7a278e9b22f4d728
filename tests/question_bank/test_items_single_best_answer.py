"""Single best answer: the key earns all, anything else nothing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.items import InvalidResponse
from question_bank.items.choices import Choice
from question_bank.items.single_best_answer import SingleBestAnswer
from tests.question_bank.builders import WHY, facts, near_answers, single, single_data
from tests.question_bank.contract import (
    check_any_json,
    earned,
    round_trip,
    shown_besides_options,
)

ITEM = single(key=1)
INDEX = st.integers(0, 3)
MOODLE = facts("multichoice.json")


@pytest.mark.parametrize(
    ("raw", "credit"),
    [
        pytest.param({"chosen": 1}, 1, id="the key"),
        pytest.param({"chosen": 0}, 0, id="a distractor"),
        pytest.param({"chosen": 3}, 0, id="the last option"),
        pytest.param({"chosen": None}, 0, id="no option chosen"),
        pytest.param({}, 0, id="an empty answer"),
        pytest.param(None, 0, id="left blank"),
    ],
)
def test_the_key_earns_all_and_nothing_else_earns(raw: object, credit: int) -> None:
    assert earned(ITEM, raw) == Fraction(credit)


@pytest.mark.parametrize("raw", [None, {}, {"chosen": None}])
def test_a_blank_answer_is_none(raw: object) -> None:
    assert ITEM.parse_answer(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"chosen": 4}, id="one beyond the last"),
        pytest.param({"chosen": -1}, id="counted from the end"),
        pytest.param({"chosen": True}, id="a boolean"),
        pytest.param({"chosen": 1.0}, id="a fraction"),
        pytest.param({"chosen": "1"}, id="text"),
        pytest.param({"chosen": [1]}, id="a list"),
        pytest.param({"chosen": 1, "key": True}, id="more than an answer"),
        pytest.param({"text": "Walk"}, id="the answer of another type"),
        pytest.param([1], id="a bare list"),
        pytest.param(1, id="a bare number"),
        pytest.param(False, id="a bare boolean"),
    ],
)
def test_what_the_item_does_not_offer_is_refused(raw: object) -> None:
    with pytest.raises(InvalidResponse):
        ITEM.parse_answer(raw)


@given(near_answers("chosen", st.integers(-2, 6)))
def test_any_json_is_an_answer_or_is_refused(raw: object) -> None:
    check_any_json(ITEM, raw)


@given(INDEX)
def test_an_answer_is_read_back_as_it_was_stored(index: int) -> None:
    assert ITEM.parse_answer({"chosen": index}) == Choice(index)
    assert round_trip(ITEM, {"chosen": index})


@given(key=INDEX, chosen=INDEX, order=st.permutations(range(4)))
def test_the_order_of_the_options_does_not_count(key: int, chosen: int, order: list[int]) -> None:
    texts = ("Rest", "Walk", "Lift", "Swim")
    shuffled = single(order.index(key), tuple(texts[index] for index in order))

    assert earned(shuffled, {"chosen": order.index(chosen)}) == int(chosen == key)


@given(first=INDEX, second=INDEX)
def test_what_the_fellow_sees_does_not_depend_on_the_key(first: int, second: int) -> None:
    one = single(first, covered_answer="Move")
    other = single(second, covered_answer="Stay")

    assert one.for_fellow() == other.for_fellow()


def test_the_text_of_the_key_is_shown_as_an_option_only() -> None:
    item = single(1, ("Rest", "Zanzibar", "Lift"), covered_answer="Covered Zanzibar")

    assert item.for_fellow().options == ("Rest", "Zanzibar", "Lift")
    assert "Zanzibar" not in shown_besides_options(item)
    assert WHY not in shown_besides_options(item)


def test_the_result_names_key_answer_and_reasons() -> None:
    found = ITEM.review(Choice(2))

    assert ITEM.key_text == "Walk"
    assert ITEM.answer_text(Choice(2)) == "Lift"
    assert ITEM.answer_text(None) == ""
    assert [(each.index, each.text, each.is_key, each.chosen) for each in found] == [
        (0, "Rest", False, False),
        (1, "Walk", True, False),
        (2, "Lift", False, True),
        (3, "Swim", False, False),
    ]
    assert not any(each.chosen for each in ITEM.review(None))


def test_the_harm_of_what_was_chosen_is_named() -> None:
    options = [{"text": "Walk", "why": WHY, "key": True}, {"text": "Rest", "why": WHY}]
    options.append({"text": "Fly", "why": WHY, "harm": "A broken neck"})
    item = single(options=options)

    assert [each.harm for each in item.harms(Choice(2))] == ["A broken neck"]
    assert item.harms(Choice(0)) == item.harms(Choice(1)) == item.harms(None) == ()
    assert earned(item, {"chosen": 2}) == 0


def one_of(name: str):
    """Return the single-answer item called *name*, and its options."""
    options = MOODLE["items"][name]["options"]
    (key,) = MOODLE["items"][name]["keys"]
    return single(options.index(key), tuple(options)), options


@pytest.mark.parametrize("row", [row for row in MOODLE["credit"] if row["item"] == "one_a"])
def test_credit_is_that_of_moodle(row: dict) -> None:
    item, options = one_of(row["item"])
    (chosen,) = row["chosen"]

    assert earned(item, {"chosen": options.index(chosen)}) == row["credit"]


@pytest.mark.parametrize("row", [row for row in MOODLE["answered"] if row["item"] == "one_a"])
def test_what_counts_as_an_answer_is_as_in_moodle(row: dict) -> None:
    item, options = one_of(row["item"])
    chosen = next((options.index(each) for each in row["chosen"]), None)

    assert (item.parse_answer({"chosen": chosen}) is not None) is row["answered"]


OPTIONS = [{"text": text, "why": WHY} for text in ("Rest", "Walk", "Lift")]


def with_option(**changes: object) -> list[dict]:
    """Return three options, the first one the key, the last one changed."""
    return [OPTIONS[0] | {"key": True}, OPTIONS[1], OPTIONS[2] | changes]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"options": OPTIONS}, "exactly one option", id="no key"),
        pytest.param({"options": with_option(key=True)}, "2 are marked", id="two keys"),
        pytest.param({"options": with_option(text="  WALK ")}, "twice", id="equal options"),
        pytest.param({"options": with_option()[:2]}, "at least 3", id="two options"),
        pytest.param({"options": with_option(text="All of the above")}, "itself", id="wholesale"),
        pytest.param({"options": with_option(why="Wrong.")}, "12 words", id="no reason"),
        pytest.param(
            {"options": with_option(why="Unlike option B " + WHY)}, "shuffled", id="a place"
        ),
        pytest.param({"lead_in": "Choose."}, "ends with", id="no question"),
        pytest.param({"lead_in": "Who? What?"}, "one closed question", id="two questions"),
        pytest.param({"points": 0}, "greater than or equal to 1", id="no points"),
        pytest.param({"points": 11}, "less than or equal to 10", id="too many points"),
        pytest.param({"key": "Next Step"}, "lower-case name", id="a key with capitals"),
        pytest.param({"hint": "Walk"}, "not permitted", id="an unknown field"),
    ],
)
def test_a_flawed_item_is_refused(change: dict, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        SingleBestAnswer.model_validate(single_data() | change)


def test_six_options_are_one_too_many() -> None:
    assert len(single(0, tuple("abcde")).options) == 5
    with pytest.raises(ValidationError, match="at most 5"):
        single(0, tuple("abcdef"))
