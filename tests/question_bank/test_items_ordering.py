"""Ordering: the share of neighboring steps of the key that stand in the right order."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse, renamed
from question_bank.items.ordering import Ranks
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["first-steps"]
PLACES = st.lists(st.none() | st.integers(1, 4), min_size=4, max_size=4)


def placed(*ranks: int | None) -> dict[str, object]:
    """Return the answer that gives the steps, in their right order, the places *ranks*."""
    return {"ranks": [[n, str(rank)] for n, rank in enumerate(ranks) if rank is not None]}


@pytest.mark.parametrize(
    ("ranks", "credit"),
    [
        pytest.param((1, 2, 3, 4), Fraction(1), id="the key: 3 of 3 neighbours"),
        pytest.param((2, 1, 3, 4), Fraction(2, 3), id="the first two exchanged"),
        pytest.param((1, 3, 2, 4), Fraction(2, 3), id="the middle two exchanged"),
        pytest.param((1, 2, 4, 3), Fraction(2, 3), id="the last two exchanged"),
        pytest.param((2, 1, 4, 3), Fraction(1, 3), id="both pairs exchanged"),
        pytest.param((4, 1, 2, 3), Fraction(2, 3), id="the first one last"),
        pytest.param((2, 3, 4, 1), Fraction(2, 3), id="the last one first"),
        pytest.param((3, 4, 1, 2), Fraction(2, 3), id="the halves exchanged"),
        pytest.param((4, 3, 2, 1), Fraction(0), id="the reverse"),
        pytest.param((1, 1, 2, 3), Fraction(2, 3), id="a place given twice is no order"),
        pytest.param((1, 1, 1, 1), Fraction(0), id="one place for all"),
        pytest.param((1, 2, None, None), Fraction(1, 3), id="two steps placed"),
        pytest.param((1, None, 3, None), Fraction(0), id="two that are no neighbours"),
        pytest.param((None, None, None, None), Fraction(0), id="left blank"),
    ],
)
def test_credit_is_the_share_of_neighbours_in_order(
    ranks: tuple[int | None, ...], credit: Fraction
) -> None:
    assert earned(ITEM, placed(*ranks)) == credit


@pytest.mark.parametrize(
    "ranks",
    [
        pytest.param([[0, "1"], [0, "2"]], id="a step twice"),
        pytest.param([[4, "1"]], id="no such step"),
        pytest.param([[0, "5"]], id="a place beyond the last"),
        pytest.param([[0, "0"]], id="a place before the first"),
        pytest.param([[0, "01"]], id="a place with a nought"),
        pytest.param([[0, "٣"]], id="another script’s digit"),
        pytest.param([[0, 1]], id="a place as a number"),
        pytest.param([["0", "1"]], id="a step as text"),
        pytest.param([[True, "1"]], id="a step as a boolean"),
        pytest.param([[0, "1", "2"]], id="three in a pair"),
        pytest.param([[0]], id="one in a pair"),
        pytest.param(["01"], id="text for a pair"),
        pytest.param({"0": "1"}, id="a mapping"),
    ],
)
def test_what_is_no_place_for_a_step_is_refused(ranks: object) -> None:
    with pytest.raises(InvalidResponse):
        ITEM.parse_answer({"ranks": ranks})


@given(st.permutations([1, 2, 3, 4]), st.integers(0, 2))
def test_putting_two_neighbours_right_never_costs_their_own_pair(ranks: list[int], at: int) -> None:
    """Exchanging the places of two neighbours touches three pairs at most, and mends its own."""
    mended = list(ranks)
    mended[at : at + 2] = sorted(ranks[at : at + 2])

    before, after = earned(ITEM, placed(*ranks)), earned(ITEM, placed(*mended))

    assert after >= before - Fraction(1, 3)
    assert (before == 1) is (ranks == [1, 2, 3, 4])


@given(PLACES, st.integers(0, 3))
def test_to_leave_a_step_out_never_pays(ranks: list[int | None], at: int) -> None:
    fewer = [None if n == at else rank for n, rank in enumerate(ranks)]

    assert earned(ITEM, placed(*fewer)) <= earned(ITEM, placed(*ranks))


@given(st.permutations([1, 2, 3, 4]))
def test_an_order_and_its_reverse_share_the_credit(ranks: list[int]) -> None:
    backwards = [5 - rank for rank in ranks]

    assert earned(ITEM, placed(*ranks)) + earned(ITEM, placed(*backwards)) == 1


@given(PLACES, st.permutations(range(4)))
def test_the_order_in_which_steps_are_shown_does_not_count(
    ranks: list[int | None], order: list[int]
) -> None:
    fields = {f"rank.{n}": [str(ranks[step] or "")] for n, step in enumerate(order)}

    sent = renamed(ITEM.for_fellow().read_controls(fields), order)

    assert ITEM.parse_answer(sent) == ITEM.parse_answer(placed(*ranks))


@given(st.permutations(range(4)))
def test_what_the_fellow_sees_is_the_same_whatever_the_order(order: list[int]) -> None:
    steps = ITEM.model_dump()["steps"]
    shown, other = (
        item.for_fellow() for item in (ITEM, changed(ITEM, steps=[steps[n] for n in order]))
    )

    assert shown.shuffle
    assert (sorted(shown.options), shown.hint) == (sorted(other.options), other.hint)


def test_the_result_says_step_by_step_what_was_right_and_what_given() -> None:
    answer = Ranks((2, 1, 3, None))
    lines = ITEM.review(answer)

    assert ITEM.key_text.startswith("1. Stop the injection; 2. Call for help; 3. ")
    assert ITEM.answer_text(answer) == "1. Call for help; 2. Stop the injection; 3. Give oxygen"
    assert ITEM.sum_up(answer) == "1 of 3 neighboring steps in the right order"
    assert [(line.best, line.given, line.is_key, line.chosen) for line in lines] == [
        ("1", "2", False, True),
        ("2", "1", False, True),
        ("3", "3", True, True),
        ("4", None, False, False),
    ]
