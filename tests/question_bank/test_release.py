"""A key waits while the same is asked elsewhere, and is taken back from nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.release import Asking, readable_at


def hour(number: int) -> datetime:
    return datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=number)


def asking(since: int, until: int | None) -> Asking:
    return Asking(hour(since), None if until is None else hour(until))


@pytest.mark.parametrize(
    ("askings", "readable"),
    [
        pytest.param([], 10, id="nothing else asks it"),
        pytest.param([(0, 5)], 10, id="what asked it is over"),
        pytest.param([(0, None)], None, id="an attempt runs"),
        pytest.param([(0, 12)], 12, id="it waited for another"),
        pytest.param([(11, None)], 10, id="it could be read before the other was assigned"),
        pytest.param([(10, None)], None, id="assigned when the key opens"),
        pytest.param([(0, 12), (11, 14)], 14, id="assigned while it waited"),
        pytest.param([(11, None), (0, 12)], None, id="assigned while it waited, and goes on"),
        pytest.param([(0, 12), (13, None)], 12, id="assigned after it had waited"),
    ],
)
def test_when_a_key_may_be_read(askings, readable) -> None:
    found = readable_at(hour(10), [asking(*each) for each in askings])

    assert found == (None if readable is None else hour(readable))


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(0, 20)).map(
        lambda span: asking(span[0], None if span[1] is None else span[0] + span[1])
    ),
    max_size=6,
)


@given(key=st.integers(0, 30), askings=SPANS, order=st.randoms(use_true_random=False))
def test_it_opens_at_the_first_moment_at_which_no_earlier_asking_goes_on(
    key, askings, order
) -> None:
    order.shuffle(askings)

    found = readable_at(hour(key), askings)

    open_at = [
        moment
        for moment in map(hour, range(key, 60))
        if not any(
            each.since <= moment and (each.until is None or moment < each.until) for each in askings
        )
    ]
    if found is not None:
        assert hour(key) <= found <= min(open_at, default=found)
        before = [each for each in askings if each.since <= found]
        assert all(each.until is not None and each.until <= found for each in before)
    else:
        going = [each.since for each in askings if each.until is None]
        assert all(moment < min(going) for moment in open_at)
