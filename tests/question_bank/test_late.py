"""What is said for an answer that came too late."""

from datetime import UTC, datetime, timedelta

import pytest

from question_bank.late import LateAnswer

BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def hour(number: float) -> datetime:
    return BEGAN + timedelta(hours=number)


def late(*, said: float | None = 1, key: float | None = None) -> LateAnswer:
    """Return an answer that came ten hours after its attempt had begun."""
    return LateAnswer(
        started_at=BEGAN,
        heard_at=None,
        said_at=None if said is None else hour(said),
        received_at=hour(10),
        key_at=None if key is None else hour(key),
    )


@pytest.mark.parametrize(
    ("key", "after"),
    [
        pytest.param(None, False, id="not settled"),
        pytest.param(10.01, False, id="to come"),
        pytest.param(10, True, id="at that moment"),
        pytest.param(2, True, id="long before"),
    ],
)
def test_what_comes_once_the_key_can_be_read_is_after_the_key(key, after: bool) -> None:
    assert late(key=key).after_key is after


def test_the_device_alone_speaks_for_the_time_from_giving_to_coming() -> None:
    assert late(said=1).unproven == timedelta(hours=9)
    assert late(said=10).unproven == timedelta()


@pytest.mark.parametrize("said", [None, -0.01, 10.01])
def test_what_cannot_be_true_is_no_claim(said) -> None:
    assert late(said=said).given_at is None
    assert late(said=said).unproven is None
