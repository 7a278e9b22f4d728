"""Script concordance: as many panelists as chose the same, over the most that chose one point."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.choices import Choice
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["inr-before-block"]
WANTED = BY_KEY["fever-before-block"]
PANEL = st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(lambda n: sum(n) >= 10)
POINT = st.integers(0, 4)


def voted(*counts: int):
    """Return the item with the votes of a panel, from −2 to +2."""
    return changed(ITEM, panel={"counts": counts})


@pytest.mark.parametrize(
    ("counts", "credits_"),
    [
        pytest.param(
            (0, 1, 3, 6, 0), (0, Fraction(1, 6), Fraction(1, 2), 1, 0), id="one most frequent"
        ),
        pytest.param((10, 0, 0, 0, 0), (1, 0, 0, 0, 0), id="all agree"),
        pytest.param((0, 5, 0, 5, 0), (0, 1, 0, 1, 0), id="two most frequent"),
        pytest.param((3, 3, 3, 3, 3), (1, 1, 1, 1, 1), id="no agreement at all"),
        pytest.param(
            (1, 2, 4, 7, 1),
            (Fraction(1, 7), Fraction(2, 7), Fraction(4, 7), 1, Fraction(1, 7)),
            id="fifteen panelists",
        ),
    ],
)
def test_credit_is_votes_over_those_of_the_most_frequent_answer(
    counts: tuple[int, ...], credits_: tuple[Fraction, ...]
) -> None:
    """Charlin B, Roy L, Brailovsky C, et al. Teach Learn Med 2000;12:189-195."""
    item = voted(*counts)

    assert tuple(earned(item, {"chosen": point}) for point in range(5)) == credits_


@pytest.mark.parametrize("point", range(5))
def test_without_a_panel_no_answer_has_a_credit(point: int) -> None:
    assert earned(WANTED, {"chosen": point}) is None
    assert not any(line.is_key for line in WANTED.review(Choice(point)))
    assert WANTED.key_text == "Panel wanted"


def test_an_item_is_formative_at_most() -> None:
    assert (ITEM.use, WANTED.use) == ("formative", "none")
    assert BY_KEY["next-step"].use == "scored"


@given(PANEL, POINT, POINT)
def test_an_answer_that_more_panelists_gave_never_earns_less(
    counts: list[int], one: int, other: int
) -> None:
    item = voted(*counts)
    found = [item.credit_for(Choice(point)) for point in range(5)]

    assert max(found) == 1
    assert (counts[one] >= counts[other]) is (found[one] >= found[other])


@given(PANEL, st.integers(2, 30), POINT)
def test_only_the_shares_of_a_panel_count(counts: list[int], times: int, point: int) -> None:
    larger = voted(*(times * n for n in counts))

    assert larger.credit_for(Choice(point)) == voted(*counts).credit_for(Choice(point))


@given(PANEL, PANEL)
def test_what_the_fellow_sees_does_not_depend_on_the_panel(one: list, other: list) -> None:
    assert voted(*one).for_fellow() == voted(*other).for_fellow()
    assert voted(*one).for_fellow() == changed(ITEM, panel=None).for_fellow()


@pytest.mark.parametrize("chosen", [5, -1, "0", True, [0], 0.0])
def test_what_is_no_point_of_the_scale_is_refused(chosen: object) -> None:
    with pytest.raises(InvalidResponse):
        ITEM.parse_answer({"chosen": chosen})


@pytest.mark.parametrize(
    ("scale", "ends"),
    [
        ("diagnosis", ("−2 Ruled out or almost", "+2 Certain or almost")),
        ("investigation", ("−2 Useless or harmful", "+2 Indispensable")),
        ("treatment", ("−2 Contraindicated", "+2 Necessary")),
    ],
)
def test_the_scale_is_told_in_words_and_keeps_its_order(scale: str, ends: tuple[str, str]) -> None:
    item = changed(ITEM, scale=scale)

    assert (item.labels[0], item.labels[4]) == ends
    assert item.labels[2].startswith("0 Neither more nor less")
    assert item.for_fellow().options == item.labels
    assert item.for_fellow().shuffle is False


def test_the_result_says_how_the_panel_voted() -> None:
    lines = ITEM.review(Choice(2))

    assert lines[3].why == "Chosen by 6 of 10 panelists."
    assert [line.is_key for line in lines] == [False, False, False, True, False]
    assert [line.chosen for line in lines] == [False, False, True, False, False]
    assert ITEM.key_text == "+1 More appropriate"
    assert voted(5, 0, 5, 0, 0).key_text.split(" or ") == [
        "−2 Contraindicated", "0 Neither more nor less appropriate",
    ]  # fmt: skip
