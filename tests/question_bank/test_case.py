"""Cases as values: how they are parsed, and told apart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Case, InvalidCase, Problem, case_to_json, content_hash, parse_case
from question_bank.formats.native import read_case
from question_bank.items import ITEM_TYPES
from tests.question_bank.builders import (
    JSON,
    an_unfolding_case_file,
    case_data,
    make_case,
    several,
    single,
)


def places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside *part*."""
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    found = []
    for name, value in inner:
        found.append((*path, name))
        if isinstance(value, dict | list):
            found += places(value, (*path, name))
    return found


def put(part: Any, path: tuple[Any, ...], value: object) -> None:
    """Put *value* in the place that *path* leads to."""
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value


def case_or_refusal(data: object) -> Case | InvalidCase:
    """Return the case in *data*, or why there is none; anything else is raised."""
    try:
        return parse_case(data)
    except InvalidCase as refusal:
        return refusal


UNFOLDING = read_case(an_unfolding_case_file(), "all-kinds.yaml")
BODY = json.loads(json.dumps(case_to_json(UNFOLDING)))


def test_a_case_is_the_same_after_it_was_stored() -> None:
    again = parse_case(json.loads(json.dumps(case_to_json(UNFOLDING))))

    assert again == UNFOLDING
    assert content_hash(again) == content_hash(UNFOLDING)


def test_what_is_left_out_is_what_it_is_by_default() -> None:
    brief = case_data() | {"population": [], "condition": None, "setting": None}

    assert content_hash(parse_case(brief)) == content_hash(parse_case(case_data()))
    assert "condition" not in case_to_json(parse_case(brief))


@given(st.sampled_from(places(BODY)), JSON)
def test_any_json_in_any_place_is_a_case_or_is_refused_with_reasons(
    path: tuple[Any, ...], value: object
) -> None:
    body = json.loads(json.dumps(BODY))
    put(body, path, value)

    found = case_or_refusal(body)

    if isinstance(found, Case):
        assert parse_case(case_to_json(found)) == found
    else:
        assert found.problems
        assert all(problem.field and problem.message for problem in found.problems)


@given(JSON)
def test_json_that_is_no_case_is_refused(data: object) -> None:
    with pytest.raises(InvalidCase):
        parse_case(data)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InvalidCase, match=r"^title: "):
        parse_case(case_data(title="\ud800"))


def value_at(path: tuple[Any, ...]) -> Any:
    """Return the value in the place that *path* leads to."""
    part: Any = BODY
    for name in path:
        part = part[name]
    return part


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in places(BODY)
        if path[-1] in ("why", "text", "alt", "caption", "left", "right", "idea", "finding", "harm")
        and value_at(path) not in ("L5", "S1")  # which are named as keys
    ],
)
def test_every_word_counts_in_the_hash(path: tuple[Any, ...]) -> None:
    body = json.loads(json.dumps(BODY))
    put(body, path, "Another text, one of more than twelve words, since reasons have to be long.")

    assert content_hash(parse_case(body)) != content_hash(parse_case(BODY))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({"title": ""}, "title: is empty", id="no title"),
        pytest.param({"author": "J. Roe"}, "author: is not a field of the format", id="unknown"),
        pytest.param({"items": []}, "case: give a “vignette” and “items”", id="no items"),
        pytest.param({"facts": ["R1"]}, "facts[0]: is not the id of a fact", id="a short fact"),
        pytest.param(
            {"facts": ["R01", "R01"]}, "facts: name each only once", id="the same fact twice"
        ),
        pytest.param({"slug": "A case"}, "slug: is not a lower-case name", id="a slug in words"),
        pytest.param({"format": 3}, "format: is not 1 or 2", id="no known format"),
        pytest.param(
            {"takeaway": "very " * 26},
            "takeaway: say it in at most 25 words; these are 26",
            id="a long takeaway",
        ),
        pytest.param(
            {"review_by": "2026-01-01"},
            "case: “review_by” comes after “reviewed_on”",
            id="reviewed on the day",
        ),
        pytest.param({"references": []}, "references: has 0; give", id="unsourced"),
        pytest.param(
            {"clinical_review": "done"},
            "clinical_review: is not one of pending, signed",
            id="an unknown state",
        ),
    ],
)
def test_a_flawed_case_is_refused_at_the_field(change: dict, problem: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        parse_case(case_data(**change))

    assert str(caught.value).startswith(problem)
    assert len(caught.value.problems) == 1


def test_items_of_a_case_have_keys_of_their_own() -> None:
    with pytest.raises(InvalidCase, match="give every item and every exhibit a “key” of its own"):
        make_case(single(), several())


def test_an_item_of_no_known_type_is_told_which_there_are() -> None:
    body = case_data(single(), items=[{"type": "riddle"}])

    with pytest.raises(InvalidCase) as caught:
        parse_case(body)

    assert caught.value.problems == (
        Problem(
            "items[0]",
            f"needs a “type” among {', '.join(kind.type_name() for kind in ITEM_TYPES)}",
        ),
    )


def test_a_list_is_not_called_short_because_a_part_of_it_is_in_error() -> None:
    body = case_data(facts=["R1"])
    body["items"][0]["options"] = body["items"][0]["options"][:3]
    body["items"][0]["options"][2]["why"] = "No."

    with pytest.raises(InvalidCase) as caught:
        parse_case(body)

    assert [problem.field for problem in caught.value.problems] == [
        "facts[0]",
        "items[0].options[2].why",
    ]


def test_a_field_is_named_by_its_way_and_not_by_the_type_of_its_item() -> None:
    body = json.loads(json.dumps(BODY))
    body["numeric"] = 1
    body["stages"][0]["items"][1]["numeric"] = 1
    body["stages"][0]["items"][1]["options"][2]["why"] = "No."

    with pytest.raises(InvalidCase) as caught:
        parse_case(body)

    assert {problem.field for problem in caught.value.problems} == {
        "numeric",
        "stages[0].items[1].numeric",
        "stages[0].items[1].options[2].why",
    }
