"""How far a fellow has come with a goal: counted by hand, and for all goals and answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.goals import (
    FEWEST,
    MOST,
    CountedAnswer,
    GoalState,
    Measure,
    progress_of,
)

START = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)

TEN_EIGHT = Measure(10, 8, topic="intv-periprocedural-safety")

CREDITS = st.one_of(
    st.none(), st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3), Fraction(1, 2)])
)

MEASURES = st.integers(FEWEST, MOST).flatmap(
    lambda items: st.builds(
        Measure, st.just(items), st.integers(1, items), approach=st.just("psychological")
    )
)

QUIZZES = st.lists(st.lists(CREDITS, min_size=1, max_size=12), max_size=6)


def quizzes(*handed_in: Sequence[Fraction | int | None]) -> list[CountedAnswer]:
    """Return the answers of quizzes handed in day after day, by their credits."""
    return [
        CountedAnswer(
            START + timedelta(days=day),
            day,
            100 * day + place,
            None if credit is None else Fraction(credit),
        )
        for day, credits_ in enumerate(handed_in, start=1)
        for place, credit in enumerate(credits_)
    ]


def told(answers: list[CountedAnswer], seed: int) -> list[CountedAnswer]:
    """Return the same once all that waited is known."""
    chance = Random(seed)
    return [
        each._replace(credit=Fraction(chance.randrange(2))) if each.credit is None else each
        for each in answers
    ]


def test_nothing_answered_is_nothing_reached() -> None:
    progress = progress_of(TEN_EIGHT, [])

    assert (progress.answered, progress.counted.correct, progress.needed) == (0, 0, 8)
    assert progress.state(over=False) is GoalState.OPEN
    assert progress.state(over=True) is GoalState.MISSED


def test_five_right_of_six_want_three_more() -> None:
    progress = progress_of(TEN_EIGHT, quizzes([1, 1, 1, 0, 1, 1]))

    assert (progress.answered, progress.counted.correct, progress.needed) == (6, 5, 3)


def test_it_is_met_as_soon_as_the_rest_cannot_change_that() -> None:
    progress = progress_of(TEN_EIGHT, quizzes([1] * 5, [1] * 3))

    assert progress.met_at == START + timedelta(days=2)
    assert progress.needed == 0
    assert progress.state(over=True) is GoalState.MET


def test_the_latest_items_count_and_older_ones_no_more() -> None:
    progress = progress_of(TEN_EIGHT, quizzes([0] * 6, [1] * 4, [1] * 4))

    assert (progress.answered, progress.counted.correct) == (10, 8)
    assert progress.met_at == START + timedelta(days=3)


def test_what_falls_out_of_the_latest_items_may_be_wanted_again() -> None:
    progress = progress_of(TEN_EIGHT, quizzes([1, 1, 1, 1, 0, 0, 0, 0, 0, 1]))

    assert progress.needed == 7  # the four right ones fall out before the wrong ones do


def test_it_is_judged_when_a_quiz_is_handed_in_and_not_within_one() -> None:
    eight_then_four = quizzes([1] * 8 + [0] * 4)

    assert progress_of(TEN_EIGHT, eight_then_four).met_at is None


def test_what_is_not_known_yet_neither_meets_nor_misses_it() -> None:
    waiting = progress_of(TEN_EIGHT, quizzes([1] * 6 + [None] * 2))

    assert (waiting.answered, waiting.counted.items, waiting.waiting) == (8, 6, 2)
    assert waiting.state(over=True) is GoalState.OPEN
    assert progress_of(TEN_EIGHT, quizzes([1] * 5 + [None] * 2)).state(over=True) == "missed"


def test_partial_credit_counts_as_it_is() -> None:
    half = Fraction(1, 2)

    assert progress_of(Measure(4, 3, topic="t"), quizzes([1, 1, half])).needed == 1
    assert progress_of(Measure(4, 3, topic="t"), quizzes([1, 1, half, half])).met_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": FEWEST - 1, "right": 1, "topic": "t"},
        {"items": MOST + 1, "right": 1, "topic": "t"},
        {"items": 10, "right": 11, "topic": "t"},
        {"items": 10, "right": 0, "topic": "t"},
        {"items": 10, "right": 8},
        {"items": 10, "right": 8, "topic": "t", "approach": "a"},
    ],
)
def test_what_cannot_be_measured_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="measure"):
        Measure(**wrong)


def test_a_measure_is_about_its_topic_or_all_of_its_approach() -> None:
    approach, topic = Measure(4, 1, approach="a"), Measure(4, 1, topic="t")

    assert approach.is_about("a", "t")
    assert approach.is_about("a", "other")
    assert topic.is_about("a", "t")
    assert not topic.is_about("a", "other")
    assert not approach.is_about("b", "t")


@given(MEASURES, QUIZZES, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_read_says_nothing(measure, handed_in, chance) -> None:
    answers = quizzes(*handed_in)
    shuffled = chance.sample(answers, len(answers))

    assert progress_of(measure, answers) == progress_of(measure, shuffled)


@given(MEASURES, QUIZZES, QUIZZES)
def test_what_is_met_stays_met(measure, handed_in, later) -> None:
    met_at = progress_of(measure, quizzes(*handed_in)).met_at
    for seed in range(3):
        more = progress_of(measure, told(quizzes(*handed_in, *later), seed))
        if met_at is not None:
            assert more.met_at is not None
            assert more.met_at <= met_at


@given(MEASURES, QUIZZES, st.integers(0, 99))
def test_what_is_missed_could_not_have_been_met(measure, handed_in, seed) -> None:
    answers = quizzes(*handed_in)
    if progress_of(measure, answers).state(over=True) is GoalState.MISSED:
        assert progress_of(measure, told(answers, seed)).state(over=True) is GoalState.MISSED


@given(MEASURES, QUIZZES)
def test_once_all_is_known_it_is_met_or_missed(measure, handed_in) -> None:
    answers = told(quizzes(*handed_in), 1)

    assert progress_of(measure, answers).state(over=True) is not GoalState.OPEN


@given(MEASURES, QUIZZES)
def test_as_many_more_as_are_needed_meet_it_and_fewer_do_not(measure, handed_in) -> None:
    needed = progress_of(measure, quizzes(*handed_in)).needed

    if needed:
        assert progress_of(measure, quizzes(*handed_in, [1] * needed)).met_at is not None
        fewer = quizzes(*handed_in, [1] * (needed - 1))
        assert progress_of(measure, fewer).met_at is None


@given(MEASURES, QUIZZES)
def test_figures_keep_their_bounds(measure, handed_in) -> None:
    progress = progress_of(measure, quizzes(*handed_in))

    assert 0 <= progress.counted.correct <= progress.counted.items
    assert progress.answered == min(sum(map(len, handed_in)), measure.items)
    assert 0 <= progress.needed <= measure.right
    assert (progress.met_at is None) or progress.may_be_met


@given(MEASURES, QUIZZES)
def test_to_want_fewer_right_is_never_harder(measure, handed_in) -> None:
    answers = quizzes(*handed_in)
    easier = replace(measure, right=max(measure.right - 1, 1))

    assert progress_of(easier, answers).needed <= progress_of(measure, answers).needed
