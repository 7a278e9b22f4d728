"""What a change of terms takes from a fellow, or gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from question_bank.promises import Promise, Shift, Standpoint, leaves_less, shifts, takes_away
from question_bank.terms import PublishedTerms, Terms, Unfinished, terms_for

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

TERMS = terms_for(
    PublishedTerms(NOW - DAY, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY, freezes=2), zone="UTC"
)

GRACE = replace(TERMS, unfinished=Unfinished.GRACE, grace=HOUR)

ABANDON = replace(TERMS, unfinished=Unfinished.ABANDON)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(TERMS, GRACE, id="grace instead of handing in"),
        pytest.param(GRACE, replace(GRACE, grace=HOUR / 2), id="less grace"),
        pytest.param(GRACE, ABANDON, id="no grace"),
        pytest.param(TERMS, ABANDON, id="nothing instead of handing in"),
    ],
)
def test_less_that_counts_at_the_end_is_less_than_was_promised(before: Terms, after: Terms) -> None:
    assert takes_away(before, after, NOW)
    assert leaves_less(before, after)
    assert not takes_away(after, before, NOW)
    assert shifts(Standpoint(after), Standpoint(before), NOW) == (
        Shift(Promise.UNFINISHED, better=True),
    )


def test_minutes_of_grace_matter_only_where_there_is_grace() -> None:
    for terms in (TERMS, ABANDON):
        assert shifts(Standpoint(terms), Standpoint(replace(terms, grace=2 * HOUR)), NOW) == ()


@pytest.mark.parametrize(
    ("freezes", "minutes", "better"),
    [(3, 30, True), (2, 40, True), (1, 30, False), (2, 20, False), (1, 60, False), (3, 10, False)],
)
def test_freezes_are_better_only_if_they_are_less_in_nothing(freezes, minutes, better) -> None:
    after = replace(TERMS, freezes=freezes, pause=minutes * MINUTE)

    assert shifts(Standpoint(TERMS), Standpoint(after), NOW) == (Shift(Promise.FREEZES, better),)
    assert takes_away(TERMS, after, NOW) is not better


def test_how_long_a_freeze_would_last_matters_to_nobody_who_has_none() -> None:
    none = replace(TERMS, freezes=0)

    assert shifts(Standpoint(none), Standpoint(replace(none, pause=HOUR)), NOW) == ()
    assert takes_away(TERMS, none, NOW)
    assert not takes_away(none, replace(TERMS, pause=5 * MINUTE), NOW)


def test_they_matter_to_who_is_answering_and_to_nobody_who_is_done() -> None:
    for after in (ABANDON, replace(TERMS, freezes=0)):
        running = [Standpoint(each, begun=1, runs=True, ends=NOW + HOUR) for each in (TERMS, after)]
        done = [Standpoint(each, begun=1) for each in (TERMS, after)]
        assert len(shifts(*running, NOW)) == 1
        assert shifts(*done, NOW) == ()
