"""What cases tell, and the sketches by which those that tell nearly the same find each other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import case_to_json
from question_bank.drafts.opening import draft_of
from question_bank.rules.telling import SKETCH, sketch_of, told_by, told_in
from question_bank.rules.words import jaccard
from tests.question_bank.lint.drafts import shipped
from tests.question_bank.lint.generated import bank

LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=8)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["stages", "items", "text", "lead_in", "vignette", "#"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_a_stored_case_and_its_draft_tell_what_the_case_tells() -> None:
    for case in shipped():
        assert told_in(case_to_json(case)) == told_by(case)
        assert told_in(draft_of(case)) == told_by(case)


@given(st.dictionaries(st.sampled_from(["stages", "items", "vignette"]), ANY_JSON))
def test_any_json_tells_something_or_nothing(body) -> None:
    assert len(sketch_of(told_in(body))) <= SKETCH


def test_a_sketch_is_the_same_on_every_machine() -> None:
    told = told_in({"vignette": "A baker hurts at dawn."})

    assert sketch_of(told) == {-1_687_072_011, -1_053_006_679, 891_541_697}


def test_what_shares_half_of_what_it_tells_shares_about_half_of_its_sketch() -> None:
    cases = [told_by(case) for case in bank(200, seed=5, changed=0.1)]
    pairs = [(one, other) for one, other in pairwise(cases) if jaccard(one, other) > 0.4]

    assert pairs
    for one, other in pairs:
        common = len(sketch_of(one) & sketch_of(other)) / SKETCH
        assert abs(common - jaccard(one, other)) < 0.35
