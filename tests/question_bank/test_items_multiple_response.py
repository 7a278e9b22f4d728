"""Multiple response: hits minus false alarms, or all or nothing."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.items import InvalidResponse, answer_to_json
from question_bank.items.choices import Choices
from question_bank.items.multiple_response import MultipleResponse
from tests.question_bank.builders import WHY, facts, near_answers, several
from tests.question_bank.contract import (
    check_any_json,
    earned,
    round_trip,
    shown_besides_options,
)

TEXTS = ("Rest", "Walk", "Lift", "Swim", "Ride")
ITEM = several(keys={0, 2})
INDEX = st.integers(0, 4)
CHOSEN = st.frozensets(INDEX)
KEYS = st.frozensets(INDEX, min_size=1, max_size=4)
POLICY = st.sampled_from(["net_correct", "exact"])
MOODLE = facts("multichoice.json")


def answered(item: MultipleResponse, chosen: frozenset[int] | set[int]) -> Fraction:
    return earned(item, {"chosen": sorted(chosen)})


@pytest.mark.parametrize(
    ("chosen", "net", "exact"),
    [
        pytest.param({0, 2}, Fraction(1), 1, id="the key"),
        pytest.param({0}, Fraction(1, 2), 0, id="half of the key"),
        pytest.param({0, 1}, Fraction(0), 0, id="a false alarm cancels a hit"),
        pytest.param({0, 2, 4}, Fraction(1, 2), 0, id="the key and a false alarm"),
        pytest.param({0, 1, 2, 3}, Fraction(0), 0, id="two of each"),
        pytest.param({1, 3, 4}, Fraction(0), 0, id="false alarms alone, not below nothing"),
        pytest.param({0, 1, 2, 3, 4}, Fraction(0), 0, id="everything"),
        pytest.param(set(), Fraction(0), 0, id="left blank"),
    ],
)
def test_credit_is_hits_minus_false_alarms_or_all_or_nothing(
    chosen: set[int], net: Fraction, exact: int
) -> None:
    assert answered(ITEM, chosen) == net
    assert answered(several({0, 2}, credit="exact"), chosen) == exact


def test_thirds_are_exact() -> None:
    assert answered(several({0, 1, 2}), {0}) == Fraction(1, 3)


@pytest.mark.parametrize("raw", [None, {}, {"chosen": None}, {"chosen": []}])
def test_a_blank_answer_is_none_and_earns_nothing(raw: object) -> None:
    assert ITEM.parse_answer(raw) is None
    assert earned(ITEM, raw) == 0


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"chosen": [0, 5]}, id="one beyond the last"),
        pytest.param({"chosen": [-1]}, id="counted from the end"),
        pytest.param({"chosen": [True]}, id="a boolean"),
        pytest.param({"chosen": ["0"]}, id="text"),
        pytest.param({"chosen": [[0]]}, id="a list in the list"),
        pytest.param({"chosen": 0}, id="no list"),
        pytest.param({"chosen": "02"}, id="text for a list"),
        pytest.param({"chosen": {"0": True}}, id="a mapping for a list"),
        pytest.param({"chosen": [0], "credit": 1}, id="more than an answer"),
        pytest.param([0, 2], id="a bare list"),
    ],
)
def test_what_the_item_does_not_offer_is_refused(raw: object) -> None:
    with pytest.raises(InvalidResponse):
        ITEM.parse_answer(raw)


@given(near_answers("chosen", st.lists(st.integers(-1, 6))))
def test_any_json_is_an_answer_or_is_refused(raw: object) -> None:
    check_any_json(ITEM, raw)


@given(st.lists(INDEX, min_size=1))
def test_neither_order_nor_repetition_of_an_answer_counts(chosen: list[int]) -> None:
    answer = ITEM.parse_answer({"chosen": chosen})

    assert answer == Choices(frozenset(chosen))
    assert answer_to_json(answer) == {"chosen": sorted(set(chosen))}
    assert round_trip(ITEM, {"chosen": chosen})


@given(KEYS, CHOSEN, POLICY)
def test_only_the_key_earns_all(keys: frozenset[int], chosen: frozenset[int], policy: str) -> None:
    credit = answered(several(keys, credit=policy), chosen)

    assert 0 <= credit <= 1
    assert (credit == 1) is (chosen == keys)


@given(KEYS, CHOSEN, INDEX, POLICY)
def test_a_further_hit_never_costs_and_a_further_false_alarm_never_pays(
    keys: frozenset[int], chosen: frozenset[int], more: int, policy: str
) -> None:
    item = several(keys, credit=policy)
    before, after = answered(item, chosen), answered(item, chosen | {more})

    assert after >= before if more in keys else after <= before


@given(KEYS)
def test_ticking_everything_earns_no_more_than_a_blank_where_half_is_wrong(
    keys: frozenset[int],
) -> None:
    assume(2 * len(keys) <= len(TEXTS))

    assert answered(several(keys), set(range(5))) == 0


@given(KEYS, CHOSEN, st.permutations(range(5)), POLICY)
def test_the_order_of_the_options_does_not_count(
    keys: frozenset[int], chosen: frozenset[int], order: list[int], policy: str
) -> None:
    plain = several(keys, credit=policy)
    shuffled = several(
        {order.index(key) for key in keys}, tuple(TEXTS[n] for n in order), credit=policy
    )

    assert answered(shuffled, {order.index(n) for n in chosen}) == answered(plain, chosen)


@given(KEYS, KEYS)
def test_what_the_fellow_sees_does_not_depend_on_the_key(
    first: frozenset[int], second: frozenset[int]
) -> None:
    one = several(first, covered_answer="Move", credit="exact")
    other = several(second, covered_answer="Stay")

    assert one.for_fellow() == other.for_fellow()


def test_the_texts_of_the_key_are_shown_as_options_only() -> None:
    item = several({1, 2}, ("Rest", "Zanzibar", "Timbuktu"), covered_answer="Zanzibar", choose=2)

    assert item.for_fellow().options == ("Rest", "Zanzibar", "Timbuktu")
    assert item.for_fellow().hint == "Choose 2."
    assert ITEM.for_fellow().hint == "Select all that apply."
    assert not any(
        secret in shown_besides_options(item) for secret in ("Zanzibar", "Timbuktu", WHY)
    )


def test_the_result_names_keys_answers_and_reasons() -> None:
    assert ITEM.key_text == "Rest; Lift"
    assert ITEM.answer_text(Choices(frozenset({4, 1}))) == "Walk; Ride"
    found = ITEM.review(Choices(frozenset({4, 0})))
    assert [each.index for each in found if each.is_key] == [0, 2]
    assert [each.index for each in found if each.chosen] == [0, 4]
    assert [each.text for each in found] == list(TEXTS)


def several_of(name: str) -> tuple[MultipleResponse, list[str]]:
    """Return the item called *name*, and its options."""
    options, keys = MOODLE["items"][name]["options"], MOODLE["items"][name]["keys"]
    return several({options.index(key) for key in keys}, tuple(options)), options


@pytest.mark.parametrize("row", [row for row in MOODLE["credit"] if row["item"] != "one_a"])
def test_credit_is_that_of_moodle(row: dict) -> None:
    item, options = several_of(row["item"])

    assert answered(item, {options.index(each) for each in row["chosen"]}) == row["credit"]


@pytest.mark.parametrize("row", [row for row in MOODLE["answered"] if row["item"] != "one_a"])
def test_what_counts_as_an_answer_is_as_in_moodle(row: dict) -> None:
    item, options = several_of(row["item"])
    answer = item.parse_answer({"chosen": [options.index(each) for each in row["chosen"]]})

    assert (answer is not None) is row["answered"]


@pytest.mark.parametrize(
    ("keys", "texts", "more", "complaint"),
    [
        pytest.param(set(), TEXTS, {}, "at least one option with", id="no key"),
        pytest.param({0, 1, 2}, TEXTS[:3], {}, "at least one option that is wrong", id="all keys"),
        pytest.param({0}, TEXTS, {"choose": 2}, "says 2, but 1", id="a wrong number to choose"),
        pytest.param({0}, ("Rest", "rest", "Walk"), {}, "twice", id="equal options"),
        pytest.param({0}, TEXTS[:2], {}, "at least 3", id="two options"),
        pytest.param({0}, tuple("abcdefghi"), {}, "at most 8", id="nine options"),
        pytest.param({0}, TEXTS, {"credit": "some"}, "net_correct", id="an unknown policy"),
    ],
)
def test_a_flawed_item_is_refused(
    keys: set[int], texts: tuple[str, ...], more: dict, complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        several(keys, texts, **more)
