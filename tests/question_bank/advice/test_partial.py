"""A draft is read as far as it goes: a whole one is the case it says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.advice.listing import advise, findings_in
from question_bank.advice.partial import partial_case
from question_bank.case import Case, said_hash
from question_bank.drafts.opening import draft_of, read_draft
from question_bank.items.single_best_answer import SingleBestAnswer
from tests.question_bank.advice.bodies import KNOWN, draft, option
from tests.question_bank.lint.drafts import case, check, shipped, single


@pytest.mark.parametrize("whole", shipped(), ids=lambda each: each.slug)
def test_the_rules_find_in_a_whole_draft_what_they_find_in_its_case(whole: Case) -> None:
    partial = partial_case(draft_of(whole))

    assert partial.case == whole
    assert (partial.lacking, partial.unfinished) == (frozenset(), frozenset())
    assert list(findings_in(partial, KNOWN)) == check(whole)


@pytest.mark.parametrize("whole", shipped()[:12], ids=lambda each: each.slug)
def test_a_field_leads_to_its_path_and_back(whole: Case) -> None:
    partial = partial_case(draft_of(whole))

    for place in whole.places:
        path = partial.path_of(f"{place}.lead_in")
        assert path.startswith("stages/")
        assert path.endswith("/lead_in")
        assert partial.place_of(path) == f"{place}.lead_in"


def test_a_waiver_of_one_place_goes_into_a_draft_and_comes_back() -> None:
    item = single(lead_in="Which step would you not take next for her today?")
    waivers = [
        {"rule": "L03", "at": "items[0].lead_in", "why": "The guideline asks it so."},
        {"rule": "L29", "at": "items[0].options", "why": "This one keeps nothing."},
    ]
    whole = case(item, waivers=waivers)
    body = draft_of(whole)

    stage = body["stages"][0]
    assert body["waivers"][0]["at"] == f"stages/{stage['#']}/items/{stage['items'][0]['#']}/lead_in"
    assert read_draft(body) == whole
    assert said_hash(read_draft(body)) == said_hash(whole)
    assert list(findings_in(partial_case(body), KNOWN)) == check(whole)
    assert [(each.rule, each.field) for each in check(whole) if each.rule in ("L03", "L29")] == [
        ("L29", "items[0].lead_in"),
        ("L29", "waivers[1]"),
    ]


def test_what_is_not_begun_is_no_part_of_the_case() -> None:
    partial = partial_case(draft(option("o1", "Rest"), option("o2"), option("o3", "Walk")))

    (item,) = partial.case.questions

    assert isinstance(item, SingleBestAnswer)
    assert [each.text for each in item.options] == ["Rest", "Walk"]
    assert partial.path_of("items[0].options[1].why") == "stages/s1/items/i1/options/o3/why"


WORDS = st.sampled_from(
    ["", " ", "Rest", "10 mg", ".5 mg", "2", "-1", "x" * 300, "knee-front.svg", "essay", "numeric",
     "hotspot", "short_answer", "key_feature", "ordering", "write_in", "options", "L24", "None"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["#", "stages", "items", "options", "text", "key", "type", "lead_in", "why", "exhibits",
     "table", "columns", "rows", "cells", "image", "alt", "regions", "polygon", "stems", "rubric",
     "levels", "points", "model_answer", "accept", "mistakes", "value", "answer", "tolerance",
     "absolute", "panel", "counts", "steps", "pairs", "left", "right", "references", "year",
     "waivers", "rule", "facts", "topic", "tracks", "covered_answer", "permitted", "mode", "at"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=30,
)


@given(st.dictionaries(NAMES, ANYTHING, max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_draft_is_beyond_advice(body: dict[str, object]) -> None:
    advise(body, KNOWN)


@given(st.sampled_from(shipped()), st.data())
@settings(max_examples=200, deadline=None)
def test_a_case_with_anything_anywhere_is_advised_on(whole: Case, data: st.DataObject) -> None:
    body = draft_of(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        here: Any = body
        while isinstance(here, dict | list) and here:
            names = list(here) if isinstance(here, dict) else range(len(here))
            name = data.draw(st.sampled_from(names))
            if not isinstance(here[name], dict | list) or data.draw(st.integers(0, 5)) == 0:
                here[name] = data.draw(ANYTHING)
                break
            here = here[name]

    advise(body, KNOWN)


def unkeyed(value: Any) -> Any:
    """Return a draft's body in which no option, row or mark says yet that it is right."""
    if isinstance(value, list):
        return [unkeyed(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: False if each is True else unkeyed(each) for name, each in value.items()}


@pytest.mark.parametrize("whole", shipped(), ids=lambda each: each.slug)
def test_a_draft_whose_keys_are_not_marked_yet_is_advised_on(whole: Case) -> None:
    partial = partial_case(unkeyed(draft_of(whole)))

    assert "L39" not in {each.rule for each in findings_in(partial, KNOWN)}
