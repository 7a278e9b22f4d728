"""Extended matching: the share of people to whom the best option was given."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.rows import Picks
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["which-root"]
L4, L5, S1 = 2, 3, 4
ROW = st.none() | st.integers(0, 5)


def keyed(*keys: str):
    """Return the item with *keys* for its people."""
    stems = ITEM.model_dump()["stems"]
    return changed(ITEM, stems=[stem | {"key": key} for stem, key in zip(stems, keys, strict=True)])


@pytest.mark.parametrize(
    ("picks", "credit"),
    [
        pytest.param([L5, S1, S1], 1, id="the keys, one of them twice"),
        pytest.param([L5, S1, L4], Fraction(2, 3), id="two of three"),
        pytest.param([L5, None, None], Fraction(1, 3), id="two left open"),
        pytest.param([S1, L5, L5], 0, id="none right"),
        pytest.param([S1, S1, S1], Fraction(2, 3), id="the same to all"),
        pytest.param([None, None, None], 0, id="all open"),
    ],
)
def test_credit_is_the_share_of_people_with_their_key(
    picks: list[int | None], credit: Fraction
) -> None:
    assert earned(ITEM, {"picks": picks}) == credit


@pytest.mark.parametrize(
    "picks",
    [
        pytest.param([L5, S1], id="a row short"),
        pytest.param([L5, S1, S1, L4], id="a row more"),
        pytest.param([L5, S1, 6], id="one beyond the last"),
        pytest.param([L5, S1, -1], id="counted from the end"),
        pytest.param([L5, S1, "4"], id="text"),
        pytest.param([L5, S1, True], id="a boolean"),
        pytest.param([L5, S1, 4.0], id="a fraction"),
        pytest.param([[L5], S1, S1], id="a list in a row"),
        pytest.param({"0": L5}, id="a mapping"),
        pytest.param("343", id="text for a list"),
    ],
)
def test_what_the_item_does_not_offer_is_refused(picks: object) -> None:
    with pytest.raises(InvalidResponse, match="options shown"):
        ITEM.parse_answer({"picks": picks})


@given(st.lists(ROW, min_size=3, max_size=3), st.integers(0, 2), ROW)
def test_a_further_right_row_never_costs(
    picks: list[int | None], row: int, other: int | None
) -> None:
    right, changed_row = list(picks), list(picks)
    right[row], changed_row[row] = [L5, S1, S1][row], other

    assert earned(ITEM, {"picks": right}) >= earned(ITEM, {"picks": changed_row})


@given(st.permutations(range(3)), st.lists(ROW, min_size=3, max_size=3))
def test_the_order_of_the_people_does_not_count(order: list[int], picks: list) -> None:
    stems = ITEM.model_dump()["stems"]
    other = changed(ITEM, stems=[stems[n] for n in order])

    assert earned(other, {"picks": [picks[n] for n in order]}) == earned(ITEM, {"picks": picks})


def test_what_the_fellow_sees_does_not_depend_on_the_keys() -> None:
    seen = {keyed(*keys).for_fellow() for keys in permutations(["L2", "L5", "S2"])}

    assert len(seen) == 1
    assert ITEM.for_fellow() in seen
    assert ITEM.for_fellow().shuffle is False


def test_every_row_has_a_control() -> None:
    fields = {"row.0": ["3"], "row.2": ["4"], "row.3": ["1"], "answer": ["2"]}

    assert ITEM.for_fellow().read_controls(fields) == {"picks": [3, None, 4]}


def test_the_result_says_row_by_row_what_was_right_and_what_given() -> None:
    answer = Picks((L5, L4, None))
    people = [line for line in ITEM.review(answer) if line.index is None]

    assert ITEM.key_text == "1. L5; 2. S1; 3. S1"
    assert ITEM.answer_text(answer) == "1. L5; 2. L4; 3. open"
    assert ITEM.sum_up(answer) == "1 of 3 right"
    assert [(line.best, line.given, line.is_key, line.chosen) for line in people] == [
        ("L5", "L5", True, True),
        ("S1", "L4", False, True),
        ("S1", None, False, False),
    ]
    assert [line.text for line in ITEM.review(answer)[3:]] == ["L2", "L3", "L4", "L5", "S1", "S2"]
