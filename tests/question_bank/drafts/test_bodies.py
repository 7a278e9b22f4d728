"""Bodies of drafts: whatever comes is brought into its shape, or said to be left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import InvalidCase, Problem
from question_bank.drafts import bodies
from question_bank.drafts.bodies import DraftTooLarge, taken
from question_bank.drafts.opening import read_draft
from question_bank.drafts.paths import DEEPEST, changes_between, flatten, unflatten
from tests.question_bank.builders import JSON
from tests.question_bank.drafts.made import BODIES, FEW, LEAVES, damaged, handles_of


@FEW
@given(JSON | damaged())
def test_any_json_is_taken_and_what_is_taken_stays_as_it_is(raw: Any) -> None:
    found = taken(raw)

    assert taken(found.body) == bodies.TakenBody(found.body, ())
    assert json.loads(json.dumps(found.body)) == found.body
    handles = handles_of(found.body)
    assert len(set(handles)) == len(handles)
    assert all(map(bodies.is_handle, handles))
    assert max((path.count("/") for path in flatten(found.body)), default=0) < DEEPEST


def lacks(raw: Any) -> tuple[Problem, ...]:
    """Return what keeps *raw* from being read as a case; anything but that is raised."""
    try:
        read_draft(raw)
    except InvalidCase as lacking:
        return lacking.problems
    return ()


@FEW
@given(damaged())
def test_any_json_is_a_case_or_lacks_something_at_a_path_of_its_body(raw: Any) -> None:
    problems = lacks(raw)

    assert len(set(problems)) == len(problems)
    assert all(each.message for each in problems)
    handles = {part for each in problems for part in each.field.split("/")}
    known = handles_of(taken(raw).body)
    assert {part for part in handles if any(map(str.isdigit, part))} <= set(known)


@given(st.dictionaries(st.text("stages/@#oi12", max_size=20) | st.just("title"), JSON))
def test_any_paths_make_a_body(leaves: dict[str, Any]) -> None:
    body = unflatten(leaves)

    assert taken(body).body == body


@FEW
@given(BODIES, st.data())
def test_any_json_at_any_path_makes_a_body(body: dict[str, Any], data: st.DataObject) -> None:
    leaves = flatten(body)
    paths = st.sampled_from(sorted(leaves)) | st.text("stage/@oi12#", max_size=12)
    for path in data.draw(st.lists(paths, max_size=4)):
        leaves[path] = data.draw(LEAVES)

    found = unflatten(leaves)

    assert taken(found).body == found
    assert all(each.path for each in changes_between(body, found))


def test_what_is_no_part_of_a_draft_is_left_out_and_said() -> None:
    raw = {
        "title": True,
        "shoe": "size",
        "stages": [{"#": "s1", "text": 7, "items": [{"#": "i1", "options": "none"}, 3]}, "x"],
    }

    found = taken(raw)

    assert found.body == {"stages": [{"#": "s1", "text": "7", "items": [{"#": "i1"}]}]}
    assert found.left_out == (
        Problem("shoe", "is not a field of the format"),
        Problem("title", "is not text"),
        Problem("stages/s1/items/i1/options", "is not a list"),
        Problem("stages/s1/items/1", "is not a group of fields"),
        Problem("stages/1", "is not a group of fields"),
    )


def test_a_row_without_a_handle_or_with_anothers_is_given_one() -> None:
    rows = [{"title": "a"}, {"#": "s2", "title": "b"}, {"#": "s2", "title": "c"}, {"#": "S!"}]

    found = taken({"stages": [*rows, {"title": "d"}]}).body

    assert [row["#"] for row in found["stages"]] == ["s1", "s2", "s3", "s4", "s5"]


def test_what_is_empty_is_not_there() -> None:
    empty = {"title": "", "tracks": [" ", ""], "stages": [], "facts": []}

    assert taken(empty) == bodies.TakenBody({}, ())
    kept = {"stages": [{"#": "s1", "items": [{"#": "i1", "shuffle": False}]}]}
    assert taken(kept).body == kept


def test_line_ends_are_plain_and_half_characters_are_marked() -> None:
    assert taken({"title": "a\r\nb\rc\0\ud800"}).body == {"title": "a\nb\nc\ufffd"}


def test_a_draft_has_a_size_and_its_lists_have_a_length() -> None:
    assert taken({"title": "é" * 190_000}).body
    with pytest.raises(DraftTooLarge, match="at most 400 kB"):
        taken({"title": "é" * 210_000})
    many = taken({"references": [{"title": "x"}] * 401, "tracks": ["t"] * 401})
    assert len(many.body["references"]) == 400
    assert [each.field for each in many.left_out] == ["tracks", "references"]
    deep: Any = {}
    for _ in range(500):
        deep = {"stages": [deep], "x": [deep]}
    assert len(handles_of(taken(deep).body)) == 1
