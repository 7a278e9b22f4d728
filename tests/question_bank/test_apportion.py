"""Sharing items out over topics."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.coverage import apportion

WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)
COUNT = st.integers(0, 60)


def test_seats_go_to_the_largest_remainders() -> None:
    """Hamilton's bill of 1792: 120 seats by the census of 1790.

    Balinski ML, Young HP. Fair Representation. Yale, 1982.
    """
    census = {
        "CT": 236_841, "DE": 55_540, "GA": 70_835, "KY": 68_705, "MD": 278_514, "MA": 475_327,
        "NH": 141_822, "NJ": 179_570, "NY": 331_589, "NC": 353_523, "PA": 432_879, "RI": 68_446,
        "SC": 206_236, "VT": 85_533, "VA": 630_560,
    }  # fmt: skip

    assert apportion(120, census) == {
        "CT": 8, "DE": 2, "GA": 2, "KY": 2, "MD": 9, "MA": 16, "NH": 5, "NJ": 6, "NY": 11,
        "NC": 12, "PA": 14, "RI": 2, "SC": 7, "VT": 3, "VA": 21,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("n", "seats"),
    [
        pytest.param(10, {"a": 5, "b": 3, "c": 2}, id="quotas that are whole"),
        pytest.param(0, {"a": 0, "b": 0, "c": 0}, id="no items"),
        pytest.param(1, {"a": 1, "b": 0, "c": 0}, id="one item"),
        pytest.param(4, {"a": 2, "b": 1, "c": 1}, id="remainders 0, 0.2 and 0.8"),
        pytest.param(7, {"a": 4, "b": 2, "c": 1}, id="remainders 0.5, 0.1 and 0.4"),
    ],
)
def test_a_worked_example(n: int, seats: dict[str, int]) -> None:
    assert apportion(n, {"a": 50, "b": 30, "c": 20}) == seats


@pytest.mark.parametrize(
    ("ties", "winner"),
    [
        pytest.param((), "a", id="file order"),
        pytest.param(("c", "a"), "c", id="least recently seen"),
        pytest.param(("b",), "b", id="the only one named"),
        pytest.param(("x", "c"), "c", id="an unknown topic is passed over"),
        pytest.param(("c", "b", "c"), "c", id="named twice, the first time counts"),
    ],
)
def test_a_tie_goes_to_the_least_recently_seen_then_to_file_order(
    ties: tuple[str, ...], winner: str
) -> None:
    seats = apportion(1, {"a": 1, "b": 1, "c": 1}, ties)

    assert [topic for topic, count in seats.items() if count] == [winner]


def test_recency_settles_ties_only() -> None:
    assert apportion(1, {"a": 2, "b": 1}, ("b", "a")) == {"a": 1, "b": 0}


def test_without_weights_nothing_is_given() -> None:
    assert apportion(5, {"a": 0, "b": 0}) == {"a": 0, "b": 0}
    assert apportion(5, {}) == {}


@given(COUNT, WEIGHTS, st.permutations("abcdefgh"))
def test_seats_sum_up_and_keep_the_quota(n: int, weights: dict[str, int], ties: list[str]) -> None:
    seats = apportion(n, weights, ties)
    total = sum(weights.values())

    assert list(seats) == list(weights)
    assert sum(seats.values()) == (n if total else 0)
    for topic, weight in weights.items():
        assert abs(seats[topic] - (Fraction(weight * n, total) if total else 0)) < 1
        assert weight or not seats[topic]


@given(COUNT, WEIGHTS)
def test_a_heavier_topic_never_gets_less(n: int, weights: dict[str, int]) -> None:
    seats = apportion(n, weights)

    by_weight = sorted(weights, key=lambda topic: (weights[topic], seats[topic]))
    counts = [seats[topic] for topic in by_weight]
    assert counts == sorted(counts)


@given(COUNT, WEIGHTS, st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(n: int, weights: dict[str, int], by: int) -> None:
    assert apportion(n, {topic: by * each for topic, each in weights.items()}) == apportion(
        n, weights
    )
