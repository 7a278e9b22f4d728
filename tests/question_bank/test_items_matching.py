"""Matching: the share of left sides with their own right side."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.rows import Picks
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["drug-and-caution"]
DECOY = 3
ROW = st.none() | st.integers(0, 3)
PICKS = st.lists(ROW, min_size=3, max_size=3)


@pytest.mark.parametrize(
    ("picks", "credit"),
    [
        pytest.param([0, 1, 2], 1, id="every pair"),
        pytest.param([0, 2, 1], Fraction(1, 3), id="two exchanged"),
        pytest.param([1, 2, 0], 0, id="all in a ring"),
        pytest.param([0, 1, DECOY], Fraction(2, 3), id="one that matches nothing"),
        pytest.param([0, 0, 0], Fraction(1, 3), id="one for all"),
        pytest.param([None, 1, None], Fraction(1, 3), id="one row answered"),
        pytest.param([None, None, None], 0, id="all open"),
    ],
)
def test_credit_is_the_share_of_right_pairs(picks: list[int | None], credit: Fraction) -> None:
    assert earned(ITEM, {"picks": picks}) == credit


@pytest.mark.parametrize("picks", [[0, 1], [0, 1, 4], [0, 1, "2"], [0, 1, 2, 3], 0, "012"])
def test_what_the_item_does_not_offer_is_refused(picks: object) -> None:
    with pytest.raises(InvalidResponse, match="options shown"):
        ITEM.parse_answer({"picks": picks})


@given(PICKS, st.integers(0, 2))
def test_a_further_right_row_never_costs(picks: list[int | None], row: int) -> None:
    right = [row if n == row else pick for n, pick in enumerate(picks)]

    assert earned(ITEM, {"picks": right}) >= earned(ITEM, {"picks": picks})


@given(PICKS, st.permutations(range(3)))
def test_the_order_of_the_pairs_does_not_count(picks: list, order: list[int]) -> None:
    pairs = ITEM.model_dump()["pairs"]
    other = changed(ITEM, pairs=[pairs[n] for n in order])
    moved = {None: None, DECOY: DECOY} | {n: order.index(n) for n in range(3)}

    found = earned(other, {"picks": [moved[picks[n]] for n in order]})

    assert found == earned(ITEM, {"picks": picks})


def test_what_the_fellow_sees_is_the_same_whatever_belongs_together() -> None:
    pairs = ITEM.model_dump()["pairs"]
    seen = set()
    for rights in permutations(pair["right"] for pair in pairs):
        paired = [pair | {"right": each} for pair, each in zip(pairs, rights, strict=True)]
        shown = changed(ITEM, pairs=paired).for_fellow()
        seen.add((shown.rows, shown.hint, tuple(sorted(shown.options))))
        assert shown.shuffle

    assert len(seen) == 1


def test_that_some_match_nothing_is_told() -> None:
    assert ITEM.for_fellow().hint.endswith("Some match nothing.")
    assert changed(ITEM, distractors=[]).for_fellow().hint == "Choose one for each row."


def test_the_result_says_row_by_row_what_was_right_and_what_given() -> None:
    answer = Picks((0, DECOY, None))
    lines = ITEM.review(answer)

    assert ITEM.key_text.startswith("Tizanidine: Not with ciprofloxacin; Tramadol: ")
    assert ITEM.answer_text(answer) == (
        "Tizanidine: Not with ciprofloxacin; Tramadol: Not with milk; Ketorolac: open"
    )
    assert ITEM.sum_up(answer) == "1 of 3 right"
    assert [(line.text, line.given, line.is_key, line.chosen) for line in lines[:3]] == [
        ("Tizanidine", "Not with ciprofloxacin", True, True),
        ("Tramadol", "Not with milk", False, True),
        ("Ketorolac", None, False, False),
    ]
    assert [(line.text, line.index) for line in lines[3:]] == [("Not with milk", DECOY)]
