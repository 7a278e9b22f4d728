"""Pairs that are alike are found without comparing each with each, and none is missed."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.lint import check_bank
from question_bank.rules.alike import pairs_alike
from question_bank.rules.telling import ALIKE, told_by
from question_bank.rules.words import jaccard
from tests.question_bank.lint.drafts import blueprint, shipped
from tests.question_bank.lint.generated import bank

SETS = st.lists(st.frozensets(st.integers(0, 25), max_size=14), max_size=14)


def by_comparing_all(sets, above):
    """Return what `pairs_alike` does, in the way that is plain and slow."""
    shares = ((n, m, jaccard(sets[n], sets[m])) for n, m in combinations(range(len(sets)), 2))
    return [each for each in shares if each[2] > above]


@given(SETS, st.sampled_from([0.1, 0.25, 1 / 3, 0.4, 0.5, 0.6, 0.75, 0.9]))
@settings(max_examples=500, deadline=None)
def test_they_are_those_that_comparing_all_finds(sets, above) -> None:
    assert list(pairs_alike(sets, above)) == by_comparing_all(sets, above)


@pytest.mark.parametrize("changed", [0.05, 0.2, 0.25, 0.5])
def test_so_it_is_for_banks_told_in_other_words(changed: float) -> None:
    sets = [told_by(case) for case in (*shipped(), *bank(120, seed=3, changed=changed))]

    found = list(pairs_alike(sets, ALIKE))

    assert found == by_comparing_all(sets, ALIKE)
    assert bool(found) == (changed < 0.5)


def test_a_bank_that_says_everything_twice_is_told_of_every_pair() -> None:
    cases = bank(40, changed=0.0)
    slugs = [case.model_copy(update={"slug": f"{case.slug}-again"}) for case in cases]

    found = {each.case for each in check_bank([*cases, *slugs], blueprint()) if each.rule == "L32"}

    assert found >= {case.slug for case in slugs}
