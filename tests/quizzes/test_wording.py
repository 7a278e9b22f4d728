"""What pages say of what cohorts have had."""

from datetime import UTC, datetime

import pytest

from lms.quizzes.given import Had
from lms.quizzes.wording import say_had, say_some
from tests.factories import NOW


def month(year: int, number: int, day: int = 15) -> datetime:
    return datetime(year, number, day, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([month(2026, 10)], "were given to this cohort in October"),
        ([month(2026, 9), month(2026, 10)], "were given to this cohort in September and October"),
        (
            [month(2025, 12), month(2026, 7), month(2026, 9)],
            "were given to this cohort in December 2025, July and September",
        ),
        ([month(2026, 10, 3), month(2026, 10, 24)], "were given to this cohort in October"),
        ([month(2026, 11, 1)], "were given to this cohort in October"),
        ([month(2027, 1)], "will be given to this cohort in January 2027"),
        (
            [month(2026, 10), month(2026, 12)],
            "were given to this cohort in October or will be in December",
        ),
    ],
)
def test_it_is_said_what_was_given_in_which_months_of_the_readers_zone(
    moments: list[datetime], said: str
) -> None:
    had = Had(12, tuple(moments))

    assert say_had(had, 12, zone="America/New_York", now=NOW) == f"12 of these 12 items {said}."


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, ""), (1, "A"), (2, "A and B"), (4, "A, B, C and D"), (6, "A, B, C and 3 more")],
)
def test_of_many_names_the_first_are_said(count: int, said: str) -> None:
    assert say_some("ABCDEF"[:count]) == said
