"""A place of a draft is said as people say it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.paths import LeafChange, changes_between, flatten
from question_bank.drafts.places import changes_said, place_said
from tests.question_bank.drafts.made import BODIES, edited

OPTIONS = [{"#": "o1", "text": "Wait"}, {"#": "o2", "text": "Act", "key": True}]

ITEM = {"#": "i1", "lead_in": "Why?"}

BODY: dict[str, Any] = {
    "title": "Itch",
    "facts": ["I65"],
    "stages": [
        {"#": "s1", "title": "First", "text": "It itches.", "items": [ITEM]},
        {"#": "s2", "text": "It goes on.", "items": [{"#": "i2", "options": OPTIONS}]},
    ],
    "references": [{"#": "r1", "authors": "Coffey"}],
}

ONE_STAGE = {"stages": BODY["stages"][1:]}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("title", "the title of the case"),
        ("facts", "the facts"),
        ("stages/s2/text", "the story of stage 2"),
        ("stages/s1/title", "the title of stage 1"),
        ("stages/s1/items/i1/lead_in", "the lead-in of item 1"),
        ("stages/s2/items/i2/options/o2/text", "the text of option B of item 2"),
        ("stages/s2/items/i2/options/o1/why", "the reason of option A of item 2"),
        ("stages/s2/items/i2/tolerance/absolute", "the tolerance absolute of item 2"),
        ("stages/s2/items/i2/options/@", "the list of options of item 2"),
        ("stages/@", "the list of stages"),
        ("stages/s9/text", "the story of a removed stage"),
        ("references/r1/doi", "the DOI of source 1"),
    ],
)
def test_a_place_is_said_in_words(path: str, said: str) -> None:
    assert place_said(BODY, path) == said


def test_the_only_stage_is_not_named() -> None:
    assert place_said(ONE_STAGE, "stages/s2/text") == "the story"
    assert place_said(ONE_STAGE, "stages/s2/items/i2/lead_in") == "the lead-in of item 1"


def test_what_came_or_went_as_a_whole_is_said_once() -> None:
    base = "stages/s2/items/i2/options"
    changes = [
        LeafChange(f"{base}/@", ["o1", "o7", "o8"], ["o1", "o2"]),
        LeafChange(f"{base}/o2/text", None, "Act"),
        LeafChange(f"{base}/o2/key", None, True),
        LeafChange(f"{base}/o7/text", "Gone", None),
        LeafChange(f"{base}/o1/text", "Wait!", "Wait"),
    ]

    assert changes_said(BODY, changes) == [
        "option B of item 2 added",
        "2 options removed",
        "the text of option A of item 2",
    ]


def test_rows_that_changed_places_are_said_as_such() -> None:
    moved = [LeafChange("stages/s2/items/i2/options/@", ["o2", "o1"], ["o1", "o2"])]

    assert changes_said(BODY, moved) == ["the order of the options"]


@given(st.data())
def test_every_place_of_every_draft_has_words_and_so_has_every_change(data: st.DataObject) -> None:
    before = data.draw(BODIES)
    after = data.draw(edited(before))
    changes = changes_between(before, after)

    for body in (before, after, {}):
        assert all(place_said(body, path) for path in (*flatten(before), *flatten(after)))
        assert bool(changes_said(body, changes)) == bool(changes)


@given(BODIES, st.text(max_size=60))
def test_no_path_breaks_it(body: dict[str, Any], path: str) -> None:
    assert place_said(body, path)
