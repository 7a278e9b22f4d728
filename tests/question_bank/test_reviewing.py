"""Until when a review is good, and what a case wants on a day."""

from datetime import date, timedelta

import pytest

from question_bank.reviewing import (
    OF_RULES,
    ReviewState,
    months_after,
    next_review,
    review_state,
)
from tests.question_bank.builders import blueprint_text

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 11, 27), 24, date(2026, 11, 27)),
        (date(9999, 1, 1), 24, date.max),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (61, ReviewState.NONE),
        (60, ReviewState.DUE),
        (0, ReviewState.DUE),
        (-1, ReviewState.OVERDUE),
    ],
)
def test_a_review_is_due_sixty_days_ahead_and_overdue_the_day_after(
    days: int, state: ReviewState
) -> None:
    assert review_state(TODAY + timedelta(days=days), TODAY) is state


def test_a_case_without_a_day_wants_nothing_and_an_approval_sets_one_two_years_ahead() -> None:
    assert review_state(None, TODAY) is ReviewState.NONE
    assert next_review(TODAY) == date(2028, 11, 25)


def test_what_rests_on_rules_of_law_is_looked_at_again_after_a_year() -> None:
    assert next_review(TODAY, ("focus-therapy", OF_RULES)) == date(2027, 11, 25)
    assert next_review(TODAY, ("focus-therapy",)) == date(2028, 11, 25)


def test_the_blueprint_has_the_focus_of_rules() -> None:
    assert f"id: {OF_RULES}," in blueprint_text()
