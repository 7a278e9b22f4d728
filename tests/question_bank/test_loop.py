"""The measures of the loop, against what was counted by hand."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.loop import AskedWord, loop_measures
from question_bank.scoring import Tally

NOV = [date(2026, 11, day) for day in range(1, 31)]


def test_what_was_counted_by_hand() -> None:
    words = [
        AskedWord(NOV[1], answered=True, talked_on=NOV[4]),
        AskedWord(NOV[8], answered=True, talked_on=NOV[9]),
        AskedWord(NOV[8], answered=True),
        AskedWord(NOV[15], answered=True, talked_on=NOV[21]),
        AskedWord(NOV[22], answered=False),
    ]

    found = loop_measures(words, met=2, missed=1)

    assert found.acknowledged == Tally(Fraction(4), 5)
    assert (found.days, found.talks) == (3, 3)
    assert found.goals == Tally(Fraction(2), 3)


def test_where_nothing_was_asked_nothing_is_said() -> None:
    found = loop_measures([], met=0, missed=0)

    assert found.acknowledged == Tally(Fraction(0), 0)
    assert (found.days, found.talks) == (None, 0)
    assert found.goals == Tally(Fraction(0), 0)


@pytest.mark.parametrize(("talked", "days"), [(NOV[1], 0), (NOV[2], 0), (NOV[3], 1)])
def test_a_talk_before_the_mail_was_read_came_at_once(talked: date, days: int) -> None:
    assert AskedWord(NOV[2], answered=True, talked_on=talked).days == days


@given(st.lists(st.tuples(st.sampled_from(NOV), st.sampled_from([*NOV, None]))))
def test_half_of_the_talks_came_no_later_than_the_median(
    pairs: list[tuple[date, date | None]],
) -> None:
    words = [AskedWord(asked, talked is not None, talked) for asked, talked in pairs]

    found = loop_measures(words, met=0, missed=0)

    spans = [each.days for each in words if each.days is not None]
    assert found.talks == len(spans)
    assert found.days is None or 2 * sum(span <= found.days for span in spans) >= len(spans)
