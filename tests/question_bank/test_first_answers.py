"""Which answers are first ones, and what the others are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.first_answers import (
    RESTED,
    AnswerKind,
    CaseName,
    are_twins,
    kind_of,
    moments_of,
    precedes_key,
)

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
EARLIER = NOON - timedelta(minutes=20)
SAVED = st.lists(st.none() | st.just(EARLIER), max_size=12)


@pytest.mark.parametrize(
    ("saved", "by_clock", "answered"),
    [
        pytest.param("x..", False, "xoo", id="the fellow hands in blanks: answers without credit"),
        pytest.param("x..", True, "x--", id="the clock comes: the rest was not reached"),
        pytest.param(".x.", True, "ox-", id="a blank before the last answer is one"),
        pytest.param("...", True, "---", id="nothing was reached"),
        pytest.param("..x", True, "oox", id="the last was reached"),
        pytest.param("...", False, "ooo", id="handed in blank"),
        pytest.param("", True, "", id="no items"),
    ],
)
def test_what_was_reached(saved: str, by_clock: bool, answered: str) -> None:
    found = moments_of([EARLIER if s == "x" else None for s in saved], NOON, by_clock=by_clock)

    signs = {EARLIER: "x", NOON: "o", None: "-"}
    assert "".join(signs[moment] for moment in found) == answered


@given(saved=SAVED, by_clock=st.booleans())
def test_an_item_is_not_reached_only_at_the_end_and_only_by_the_clock(saved, by_clock) -> None:
    found = moments_of(saved, NOON, by_clock=by_clock)

    assert len(found) == len(saved)
    assert all(moment == EARLIER for moment, own in zip(found, saved, strict=True) if own)
    missed = [place for place, moment in enumerate(found) if moment is None]
    assert missed == list(range(len(saved) - len(missed), len(saved)))
    assert by_clock or not missed


def test_an_answer_given_when_the_key_opens_is_too_late() -> None:
    assert precedes_key(EARLIER, None)
    assert precedes_key(EARLIER, NOON)
    assert not precedes_key(NOON, NOON)
    assert not precedes_key(NOON, EARLIER)


@pytest.mark.parametrize(
    ("answered", "first", "seen", "kind"),
    [
        (NOON, True, None, AnswerKind.FIRST),
        (NOON, False, NOON - timedelta(days=3), AnswerKind.AGAIN),
        (NOON, False, NOON - RESTED + timedelta(seconds=1), AnswerKind.AGAIN),
        (NOON, False, NOON - RESTED, AnswerKind.RETENTION),
        (NOON, False, None, AnswerKind.AGAIN),
        (None, False, None, AnswerKind.NOT_REACHED),
    ],
)
def test_what_an_answer_is(answered, first, seen, kind) -> None:
    assert kind_of(answered, first=first, seen_at=seen) is kind


@pytest.mark.parametrize(
    ("first", "twin", "kind"),
    [
        pytest.param(True, EARLIER, AnswerKind.TRANSFER, id="after its twin"),
        pytest.param(True, NOON, AnswerKind.TRANSFER, id="as its twin was handed in"),
        pytest.param(True, NOON + RESTED, AnswerKind.FIRST, id="before its twin"),
        pytest.param(False, EARLIER, AnswerKind.AGAIN, id="a repeat stays one"),
    ],
)
def test_what_carries_over_is_a_first_answer_told_apart(first, twin, kind) -> None:
    assert kind_of(NOON, first=first, seen_at=None, twin_at=twin) is kind


@given(
    answered=st.none() | st.just(NOON),
    first=st.booleans(),
    seen=st.none() | st.just(EARLIER),
    twin=st.none() | st.sampled_from([EARLIER, NOON, NOON + RESTED]),
)
def test_a_twin_changes_nothing_of_what_counts(answered, first, seen, twin) -> None:
    alone = kind_of(answered, first=first, seen_at=seen)
    after = kind_of(answered, first=first, seen_at=seen, twin_at=twin)

    assert after.counts == alone.counts == (first and answered is not None)
    assert after is alone or (alone, after) == (AnswerKind.FIRST, AnswerKind.TRANSFER)


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        pytest.param(("a", "b"), ("b", None), True, id="it names the other"),
        pytest.param(("a", "c"), ("b", "c"), True, id="both name the same"),
        pytest.param(("a", None), ("b", None), False, id="neither names any"),
        pytest.param(("a", "c"), ("b", "d"), False, id="each names another"),
        pytest.param(("a", "c"), ("a", "c"), False, id="the same case"),
        pytest.param(("a", "b"), ("b", "c"), True, id="it names one that names a third"),
    ],
)
def test_twins_are_twins_of_each_other(one, other, twins: bool) -> None:
    assert are_twins(CaseName(*one), CaseName(*other)) is twins
    assert are_twins(CaseName(*other), CaseName(*one)) is twins
