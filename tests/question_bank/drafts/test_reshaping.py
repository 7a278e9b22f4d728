"""Rows come, go and change places, and a story is split; nothing else of a draft changes."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.bodies import taken
from question_bank.drafts.opening import draft_of, read_draft
from question_bank.drafts.paths import flatten
from question_bank.drafts.reshaping import (
    NoSuchRow,
    added,
    blank_row,
    breaks_in,
    moved,
    moved_to,
    place_of,
    removed,
    split,
    with_text,
)
from question_bank.items import ITEM_TYPES
from tests.question_bank.drafts.made import handles_of
from tests.question_bank.kinds import CASE

BODY = draft_of(CASE)
OPTIONS = "stages/s1/items/i1/options"


def new_handles() -> Iterator[str]:
    return (f"n{n}" for n in count(1))


def order_of(body: dict[str, Any], path: str) -> list[str]:
    found: list[str] = flatten(body)[f"{path}/@"]
    return found


def test_a_row_comes_to_the_end_of_its_list_or_to_a_place() -> None:
    row = {"#": "xx", "text": "Heat"}

    assert order_of(added(BODY, OPTIONS, row), OPTIONS) == ["o1", "o2", "o3", "xx"]
    assert order_of(added(BODY, OPTIONS, row, at=1), OPTIONS) == ["o1", "xx", "o2", "o3"]
    assert flatten(added(BODY, OPTIONS, row))[f"{OPTIONS}/xx/text"] == "Heat"


def test_a_list_that_is_not_there_yet_begins() -> None:
    empty = {"stages": [{"#": "s1", "exhibits": [{"#": "e1"}]}]}

    body = added(empty, "stages/s1/exhibits/e1/table/rows", {"#": "r1", "cells": ["a"]})

    assert flatten(body)["stages/s1/exhibits/e1/table/rows/r1/cells"] == ["a"]
    assert added({}, "stages", {"#": "s1"}) == {"stages": [{"#": "s1"}]}


def test_a_row_moves_up_and_down_and_stays_at_the_ends() -> None:
    assert order_of(moved(BODY, f"{OPTIONS}/o3", -1), OPTIONS) == ["o1", "o3", "o2"]
    assert order_of(moved(BODY, f"{OPTIONS}/o1", 1), OPTIONS) == ["o2", "o1", "o3"]
    assert moved(BODY, f"{OPTIONS}/o1", -1) == BODY
    assert moved(BODY, f"{OPTIONS}/o3", 1) == BODY
    assert place_of(moved(BODY, f"{OPTIONS}/o3", -1), f"{OPTIONS}/o3") == (1, 3)


def test_an_item_moves_to_another_stage_whole() -> None:
    body = moved_to(BODY, "stages/s1/items/i1", "stages/s3/items")

    assert order_of(body, "stages/s3/items")[-1] == "i1"
    assert sorted(handles_of(body)) == sorted(handles_of(BODY))
    assert read_draft(body).questions[-1] == CASE.questions[0]
    for target in ("stages/s1/exhibits", "stages/s9/items", "stages"):
        with pytest.raises(NoSuchRow):
            moved_to(BODY, "stages/s1/items/i1", target)


def test_a_row_goes() -> None:
    assert order_of(removed(BODY, f"{OPTIONS}/o2"), OPTIONS) == ["o1", "o3"]
    assert "o2" not in handles_of(removed(BODY, f"{OPTIONS}/o2"))


def test_a_story_is_split_and_what_was_asked_after_all_of_it_is_asked_at_the_end() -> None:
    body = taken({"stages": [{"#": "s1", "text": "One.\n\nTwo.\n\nThree.", "items": [{}]}]}).body
    (_, place) = breaks_in("One.\n\nTwo.\n\nThree.")

    found = split(body, "stages/s1", "s2", place)

    first, second = found["stages"]
    assert (first["text"], second["text"]) == ("One.\n\nTwo.", "Three.")
    assert "items" not in first
    assert len(second["items"]) == 1
    at_the_end = split(body, "stages/s1", "s2")["stages"]
    assert at_the_end == [*body["stages"], {"#": "s2"}]


@given(st.text("ab. \n", max_size=60), st.integers(-3, 80))
def test_no_word_of_a_split_story_is_lost(story: str, at: int) -> None:
    body = {"stages": [{"#": "s1", "text": story}]}

    found = split(body, "stages/s1", "s2", at)

    said = "".join(stage.get("text", "") for stage in found["stages"])
    assert "".join(said.split()) == "".join(story.split())
    for each in breaks_in(story):
        assert story[:each].endswith("\n") or story[:each].strip() == story[:each].strip("\n ")
        assert story[each : each + 1].strip()


@pytest.mark.parametrize("kind", ITEM_TYPES, ids=lambda kind: kind.type_name())
def test_a_new_item_has_the_rows_that_its_type_needs(kind: Any) -> None:
    row = blank_row(kind.editor(), new_handles())

    handles = handles_of(row)
    assert len(set(handles)) == len(handles)
    body = taken(added({}, "stages", {"#": "st", "items": [row]})).body
    assert handles_of(body)[1:] == handles


@pytest.mark.parametrize(
    "path", ["", "title", "stages", "stages/s9", f"{OPTIONS}/o9", "stages/s1/items/i1/options", "/"]
)
def test_a_place_that_is_not_there_is_refused(path: str) -> None:
    for act in (moved, lambda body, path, _: removed(body, path), split):
        with pytest.raises(NoSuchRow):
            act(BODY, path, 1)


def test_text_is_put_where_it_belongs_and_bodies_stay_as_they_are() -> None:
    before = draft_of(CASE)

    body = with_text(BODY, "stages/s1/items/i1/lead_in", "What is best?")

    assert flatten(body)["stages/s1/items/i1/lead_in"] == "What is best?"
    assert before == BODY
    with pytest.raises(NoSuchRow):
        with_text(BODY, "stages/s9/text", "x")
    with pytest.raises(NoSuchRow):
        added(BODY, "stages/s9/items", {"#": "xx"})
    with pytest.raises(NoSuchRow):
        added(BODY, "title", {"#": "xx"})
