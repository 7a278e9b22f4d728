"""An item that becomes one of another type: what both have stays, the rest is said."""

from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Case
from question_bank.drafts.bodies import taken
from question_bank.drafts.opening import draft_of
from question_bank.drafts.paths import flatten
from question_bank.drafts.reshaping import NoSuchRow, group_at
from question_bank.drafts.retyping import retyped
from question_bank.items import ITEM_TYPES
from tests.question_bank.drafts.made import cases

KINDS = [kind.type_name() for kind in ITEM_TYPES]
AT = "stages/s1/items/i1"

OPTIONS = [
    {"#": "o1", "text": "One", "key": True, "why": "It is.", "harm": "withdrawal"},
    {"#": "o2", "text": "Two", "key": False, "misconception": "Two is more."},
    {"#": "o3"},
]


def body_with(**item: Any) -> dict[str, Any]:
    """Return a draft whose one item says *item*."""
    said = {"#": "i1", "type": "single_best_answer", "lead_in": "Which?", "level": "recall"}
    body = {"title": "T", "stages": [{"#": "s1", "text": "Story", "items": [said | item]}]}
    return deepcopy(body)


def become(body: dict[str, Any], kind: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the item as one of *kind*, and what does not fit."""
    done = retyped(body, AT, kind, (f"n{number}" for number in count()))
    return group_at(done.body, AT), done.lost


def test_options_stay_where_both_types_have_them() -> None:
    body = body_with(options=OPTIONS, shuffle=True, covered_answer="One", points="2")

    item, lost = become(body, "multiple_response")

    assert item["type"] == "multiple_response"
    assert item["options"] == [
        OPTIONS[0],
        {"#": "o2", "text": "Two", "misconception": "Two is more."},
    ]
    assert (item["lead_in"], item["level"], item["points"]) == ("Which?", "recall", "2")
    assert item["covered_answer"] == "One"
    assert item["shuffle"] is True
    assert lost == ()


def test_what_does_not_fit_goes_and_is_said() -> None:
    body = body_with(options=OPTIONS, shuffle=True, covered_answer="One")

    item, lost = become(body, "matching")

    assert "options" not in item
    assert len(item["pairs"]) >= 3
    assert lost == (
        "the answer in your own words",
        "the shuffling",
        "2 options",
    )


def test_places_on_a_picture_become_options_without_their_corners() -> None:
    places = [
        {"#": "r1", "text": "Here", "key": True, "polygon": "0,0 9,0 9,9"},
        {"#": "r2", "text": "There"},
    ]
    item, lost = become(body_with(type="hotspot", image="knee.svg", regions=places), "essay")
    assert lost == ("the image", "2 places")

    item, lost = become(
        body_with(type="hotspot", image="knee.svg", regions=places), "single_best_answer"
    )
    assert [each["text"] for each in item["options"]] == ["Here", "There"]
    assert item["options"][0]["key"] is True
    assert "regions" not in item
    assert lost == ("the image", "the corners of place A")


def test_of_several_keys_none_is_the_best_answer() -> None:
    both = [each | {"key": True} for each in OPTIONS[:2]]

    item, lost = become(body_with(type="multiple_response", options=both), "single_best_answer")

    assert not any("key" in each for each in item["options"])
    assert lost == (
        "the mark of what is right of option A",
        "the mark of what is right of option B",
    )


def test_a_question_of_another_type_is_another_question() -> None:
    item, lost = become(body_with(key="which-one", options=OPTIONS), "multiple_response")

    assert "key" not in item
    assert lost == ()


@pytest.mark.parametrize(
    "at", ["", "stages/s1", "stages/s1/items/i2", "title", "stages/s2/items/i1"]
)
def test_an_item_that_is_not_there_is_said(at: str) -> None:
    with pytest.raises(NoSuchRow):
        retyped(body_with(), at, "essay", iter(()))


@given(cases(), st.data())
def test_nothing_goes_that_is_not_said_and_other_items_stay(
    case: Case, data: st.DataObject
) -> None:
    body = draft_of(case)
    stage = data.draw(st.sampled_from([each for each in body["stages"] if each.get("items")]))
    item = data.draw(st.sampled_from(stage["items"]))
    path = f"stages/{stage['#']}/items/{item['#']}"
    kind = data.draw(st.sampled_from([each for each in KINDS if each != item["type"]]))

    done = retyped(deepcopy(body), path, kind, (f"zz{number}" for number in count()))

    assert taken(done.body).left_out == ()
    before, after = flatten(body), flatten(taken(done.body).body)
    for leaf, said in before.items():
        if not leaf.startswith(f"{path}/"):
            assert after[leaf] == said
    texts = [each for each in after.values() if isinstance(each, str)]
    gone = [
        leaf
        for leaf, said in before.items()
        if isinstance(said, str)
        and said not in texts
        and leaf not in (f"{path}/key", f"{path}/type")
    ]
    assert not gone or done.lost
