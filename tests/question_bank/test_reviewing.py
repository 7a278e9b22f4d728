"""Until when a review is good."""

from datetime import date

import pytest

from question_bank.reviewing import months_after


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
