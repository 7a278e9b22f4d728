"""From credit to a score, and how sure a share is."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from question_bank.analysis.intervals import wilson
from question_bank.scoring import (
    EarnedCredit,
    Tally,
    amount,
    basis_points,
    percent,
    score,
    tally,
)

CREDIT = st.fractions(0, 1, max_denominator=8)


MARK = st.builds(
    EarnedCredit,
    credit=st.none() | CREDIT,
    points=st.integers(1, 10),
    approach=st.sampled_from(["pharmacological", "interventional", "psychological"]),
    topic=st.just("any"),
)


MARKS = st.lists(MARK, max_size=20)


def mark(
    credit: Fraction | int | None, points: int = 1, approach: str = "rehabilitative"
) -> EarnedCredit:
    return EarnedCredit(
        None if credit is None else Fraction(credit), points, approach, "rehab-spine"
    )


@pytest.mark.parametrize(
    ("marks", "basis_points"),
    [
        pytest.param([mark(1), mark(0)], 5_000, id="one of two"),
        pytest.param([mark(1)], 10_000, id="everything"),
        pytest.param([mark(0)], 0, id="nothing"),
        pytest.param([mark(1), mark(0), mark(0)], 3_333, id="a third, down"),
        pytest.param([mark(1), mark(1), mark(0)], 6_667, id="two thirds, up"),
        pytest.param([mark(Fraction(1, 20_000))], 1, id="half a basis point, up"),
        pytest.param([mark(Fraction(3, 20_000))], 2, id="and a half, up to the even"),
        pytest.param([mark(Fraction(5, 20_000))], 3, id="and a half, up to the odd"),
        pytest.param([mark(Fraction(1, 20_001))], 1, id="little, and yet not nothing"),
        pytest.param([mark(Fraction(20_000, 20_001))], 9_999, id="nearly, and yet not everything"),
        pytest.param([mark(1, 3), mark(0)], 7_500, id="weighed by points"),
        pytest.param([mark(Fraction(1, 2), 4), mark(1, 1)], 6_000, id="partial credit weighed"),
    ],
)
def test_a_score_is_earned_over_possible_rounded_half_up(
    marks: list[EarnedCredit], basis_points: int
) -> None:
    assert score(marks).basis_points == basis_points


def test_points_are_summed_exactly() -> None:
    found = score([mark(Fraction(1, 3), 2), mark(Fraction(1, 3), 1), mark(0, 4)])

    assert (found.earned, found.possible) == (Fraction(1), 7)


def test_left_out_items_count_neither_way() -> None:
    found = score([mark(1), mark(None, 9), mark(0), mark(None)])

    assert (found.basis_points, found.items, found.left_out) == (5_000, 2, 2)
    assert found.by_approach == {"rehabilitative": Tally(Fraction(1), 2)}


@pytest.mark.parametrize("marks", [[], [mark(None)]])
def test_where_nothing_can_be_earned_the_score_is_nothing(marks: list[EarnedCredit]) -> None:
    found = score(marks)

    assert (found.basis_points, found.earned, found.possible, found.items) == (0, 0, 0, 0)
    assert found.by_approach == {}
    assert found.left_out == len(marks)


def test_a_subscore_counts_items_and_not_points() -> None:
    found = score(
        [
            mark(1, 5, "pharmacological"),
            mark(Fraction(1, 2), 1, "pharmacological"),
            mark(0, 2, "psychological"),
            mark(None, 2, "interventional"),
        ]
    )

    assert found.by_approach == {
        "pharmacological": Tally(Fraction(3, 2), 2),
        "psychological": Tally(Fraction(0), 1),
    }


@given(MARKS)
def test_a_score_is_whole_and_within_a_basis_point_of_the_share(
    marks: list[EarnedCredit],
) -> None:
    found = score(marks)

    assert 0 <= found.basis_points <= 10_000
    if found.possible:
        share = found.earned * 10_000 / found.possible
        assert abs(found.basis_points - share) < 1


@given(MARKS, st.data())
def test_neither_order_nor_an_item_left_out_changes_what_was_earned(
    marks: list[EarnedCredit], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*marks, mark(None)]))

    assert score(shuffled) == replace(score(marks), left_out=score(marks).left_out + 1)


@given(MARKS, MARK, CREDIT, CREDIT)
def test_more_credit_never_lowers_a_score(
    marks: list[EarnedCredit], last: EarnedCredit, one: Fraction, other: Fraction
) -> None:
    less, more = (replace(last, credit=credit) for credit in sorted((one, other)))

    assert score([*marks, less]).basis_points <= score([*marks, more]).basis_points


@given(MARKS)
def test_the_subscores_add_up_to_all_items(marks: list[EarnedCredit]) -> None:
    credits_ = [each.credit for each in marks if each.credit is not None]
    found = sum(score(marks).by_approach.values(), Tally(Fraction(0), 0))

    assert found == tally(credits_) == Tally(sum(credits_, Fraction(0)), len(credits_))


@pytest.mark.parametrize(("items", "is_figure"), [(0, False), (9, False), (10, True), (99, True)])
def test_a_share_is_said_from_ten_items_on(items: int, is_figure: bool) -> None:
    assert Tally(Fraction(0), items).is_figure is is_figure


def test_a_share_is_exact_and_there_is_none_without_items() -> None:
    assert tally([Fraction(1, 3), Fraction(1)]).share == Fraction(2, 3)
    assert tally([]).share is None
    assert tally([]).interval is None


def test_a_tally_has_the_interval_of_its_credits() -> None:
    assert tally([Fraction(0)] * 20).interval == wilson(0, 20)
    assert tally([Fraction(1, 2)] * 4).interval == wilson(2, 4)


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(correct: int, n: int, low: float, high: float) -> None:
    """Newcombe RG. Stat Med 1998;17:857-872, method 3: Wilson 1927, uncorrected."""
    assert wilson(correct, n) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 500), CREDIT)
def test_the_interval_holds_the_share_and_is_mirrored(n: int, share: Fraction) -> None:
    low, high = wilson(share * n, n)
    other_low, other_high = wilson((1 - share) * n, n)

    assert 0 <= low <= float(share) + 1e-12
    assert float(share) - 1e-12 <= high <= 1
    assert (other_low, other_high) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.integers(1, 200), st.integers(2, 5), CREDIT)
def test_more_items_make_it_surer_and_more_confidence_wider(
    n: int, times: int, share: Fraction
) -> None:
    low, high = wilson(share * n, n)
    more_low, more_high = wilson(share * n * times, n * times)
    sure_low, sure_high = wilson(share * n, n, z=2.576)

    assert more_high - more_low < high - low < sure_high - sure_low


@pytest.mark.parametrize(("correct", "n"), [(0, 0), (1, -1), (-1, 5), (6, 5), (Fraction(11, 2), 5)])
def test_what_is_no_share_has_no_interval(correct: Fraction | int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        wilson(correct, n)


@pytest.mark.parametrize(
    ("right", "items", "said"),
    [(23, 40, 58), (29, 200, 15), (69, 120, 58), (1, 3, 33)],
)
def test_halves_of_a_percent_go_up(right: int, items: int, said: int) -> None:
    assert percent(Fraction(right, items)) == said


@given(st.fractions(0, 1, max_denominator=1000))
def test_a_share_is_said_within_half_a_percent_but_for_nearly_nothing_and_nearly_everything(
    share: Fraction,
) -> None:
    off = 100 * share - percent(share)

    assert Fraction(-1, 2) <= off < Fraction(1, 2) or 0 < min(share, 1 - share) < Fraction(1, 200)
    assert abs(off) < 1


@pytest.mark.parametrize(
    ("credits", "said"),
    [
        (Fraction(21), "21"),
        (Fraction(41, 2), "20.5"),
        (Fraction(10, 3), "3.3"),
        (Fraction(167, 24), "6.96"),
        (Fraction(24, 25), "0.96"),
        (Fraction(1, 250), "0.004"),
        (Fraction(61, 20), "3.1"),
    ],
)
def test_a_sum_of_credits_is_said_with_as_few_decimals_as_it_needs(credits, said) -> None:  # noqa: A002
    assert amount(credits) == said


@given(st.fractions(0, 60, max_denominator=5000))
def test_only_a_whole_sum_of_credits_looks_whole(credits: Fraction) -> None:  # noqa: A002
    said = amount(credits)

    assert ("." not in said) is (credits.denominator == 1)
    assert (Fraction(said).denominator == 1) is (credits.denominator == 1)
    assert abs(Fraction(said) - credits) <= Fraction(1, 20)


@given(st.fractions(0, 1, max_denominator=5000))
@example(Fraction(106, 3) / 37)
@example(Fraction(1, 5000))
@example(Fraction(4999, 5000))
def test_what_is_kept_of_a_score_says_the_same_percent_as_the_score(share: Fraction) -> None:
    kept = basis_points(share)

    assert percent(Fraction(kept, 10_000)) == percent(share)
    assert abs(kept - 10_000 * share) < 1


@given(st.fractions(0, 1, max_denominator=100_000))
def test_only_nothing_and_everything_are_said_as_such(share: Fraction) -> None:
    assert (percent(share) == 0, percent(share) == 100) == (share == 0, share == 1)


@given(st.integers(1, 300), st.fractions(0, 1, max_denominator=500))
def test_an_interval_ends_at_nothing_or_everything_only_where_the_share_does(
    n: int, share: Fraction
) -> None:
    low, high = (percent(bound) for bound in wilson(share * n, n))

    assert (low == 0, high == 100) == (share == 0, share == 1)
    assert low <= percent(share) <= high
