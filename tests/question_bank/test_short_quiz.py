"""How many items of an approach could settle what there is to say of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.scoring import Tally
from question_bank.short_quiz import FEWEST, MOST, is_open, items_to_settle
from question_bank.verdict import Evidence, Verdict, VerdictPolicy, VerdictState, verdict

POLICY = VerdictPolicy()


def found(correct: Fraction | float, items: int, policy: VerdictPolicy = POLICY) -> Verdict:
    """Return the verdict of who answered nothing but *items* items of one approach."""
    tally = Tally(Fraction(correct).limit_denominator(10), items)
    return verdict(Evidence({"psych": tally, "rehab": Tally(Fraction(0), 0)}), policy)


def after(seen: Verdict, right: int, more: int) -> Verdict:
    """Return the verdict once *right* of *more* items of the approach were right, and no other."""
    tally = seen.evidence.approaches["psych"] + Tally(Fraction(right), more)
    return verdict(Evidence({"psych": tally}), seen.policy)


def can_go_either_way(seen: Verdict, more: int) -> bool:
    fine = after(seen, more, more).state is VerdictState.FINE
    return fine and "psych" in after(seen, 0, more).talk_about


@pytest.mark.parametrize(
    ("correct", "items", "wanted"),
    [
        pytest.param(0, 0, 10, id="nothing answered: as many as the rule asks for"),
        pytest.param(1, 1, 9, id="ten in all"),
        pytest.param(0, 1, 9, id="though eight would do to say talk"),
        pytest.param(2.5, 3, 7, id="partial credit counts as it is"),
        pytest.param(4, 8, 12, id="twelve right make up for four that were wrong"),
        pytest.param(8, 10, 6, id="nearly fine, and six wrong would say talk"),
        pytest.param(9, 10, None, id="fine already"),
        pytest.param(3, 8, None, id="a reason for a word already"),
    ],
)
def test_the_number_follows_from_the_rule_of_the_verdict(correct, items, wanted) -> None:
    assert items_to_settle(found(correct, items), "psych") == wanted


def test_what_other_approaches_say_does_not_matter() -> None:
    alone = Evidence({"psych": Tally(Fraction(2), 3), "rehab": Tally(Fraction(0), 0)})
    beside = Evidence({"psych": Tally(Fraction(2), 3), "rehab": Tally(Fraction(1), 9)}, late=2)

    assert items_to_settle(verdict(alone, POLICY), "psych") == items_to_settle(
        verdict(beside, POLICY), "psych"
    )


def test_an_approach_that_the_verdict_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        items_to_settle(found(0, 0), "surgical")


POLICIES = st.builds(
    VerdictPolicy,
    line=st.integers(50, 90),
    talk=st.integers(60, 99),
    approach=st.integers(60, 99),
    fine=st.integers(1, 40),
)


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    items = draw(st.integers(0, 60))
    tenths = draw(st.integers(0, 10 * items))
    return found(Fraction(tenths, 10), items, draw(POLICIES))


@given(verdicts())
def test_a_quiz_is_as_long_as_it_must_be_to_settle_it_either_way(seen: Verdict) -> None:
    more = items_to_settle(seen, "psych")
    if more is None:
        return
    assert FEWEST <= more <= MOST

    assert can_go_either_way(seen, more)


@given(verdicts())
def test_no_shorter_one_can(seen: Verdict) -> None:
    more = items_to_settle(seen, "psych")
    shorter = range(FEWEST, MOST + 1 if more is None else more)
    if is_open(seen, "psych"):
        assert not any(can_go_either_way(seen, length) for length in shorter)


@given(verdicts())
def test_what_is_settled_wants_no_quiz(seen: Verdict) -> None:
    if not is_open(seen, "psych"):
        assert items_to_settle(seen, "psych") is None


@given(verdicts())
def test_an_approach_is_open_unless_it_would_be_a_reason_or_fine_alone(seen: Verdict) -> None:
    alone = verdict(Evidence({"psych": seen.evidence.approaches["psych"]}), seen.policy)
    settled = alone.state is VerdictState.FINE or "psych" in seen.talk_about

    assert is_open(seen, "psych") is not settled
