"""What is said of two versions of a case: places and words, nothing of how they are stored."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Case, parse_case
from question_bank.differences import Difference, differences
from tests.attempts.factories import case_body, choice_item, number_item
from tests.attempts.kinds import EVERY_KIND, unfolding

WAITING = "To wait is too late for this man, who has lost much of his strength already."


def case(*items, **changes) -> Case:
    return parse_case(case_body(*(items or (choice_item(), number_item())), slug="ward") | changes)


def changed(change, *items) -> list[tuple[str, str | None, str | None]]:
    """Return what is said once *change* was made to the body of a case with *items*."""
    body = case_body(*(items or (choice_item(), number_item())), slug="ward")
    after = copy.deepcopy(body)
    change(after)
    found = differences(parse_case(body), parse_case(after))
    return [(each.place, each.before, each.after) for each in found]


def test_two_that_say_the_same_differ_nowhere() -> None:
    assert differences(case(), case()) == ()


def test_an_option_that_was_reworded_is_named_by_its_letter() -> None:
    def reword(body):
        body["items"][0]["options"][1]["text"] = "next-step second, tonight"

    assert changed(reword) == [
        ("Item 1, option B", "next-step second", "next-step second, tonight")
    ]


def test_a_new_key_is_said_at_both_options() -> None:
    def turn(body):
        options = body["items"][0]["options"]
        del options[1]["key"]
        options[2]["key"] = True

    assert changed(turn) == [
        ("Item 1, option B, key", "next-step second", None),
        ("Item 1, option C, key", None, "next-step third"),
    ]


def test_an_option_that_only_moved_is_compared_with_itself() -> None:
    def move(body):
        options = body["items"][0]["options"]
        options.append(options.pop(0))

    (found,) = changed(move)

    assert found[0] == "Item 1, order of the options"


def test_a_new_option_shows_its_text_and_reason_and_no_settings() -> None:
    def grow(body):
        body["items"][0]["options"].append({"text": "Wait", "why": WAITING})

    assert changed(grow) == [
        ("Item 1, option E", None, "Wait"),
        ("Item 1, option E, reason", None, WAITING),
    ]


def test_an_item_that_is_gone_is_named_by_its_old_number() -> None:
    def drop(body):
        body["items"].pop(0)

    places = [place for place, _, after in changed(drop) if after is None]

    assert places[0] == "Item 1 before, lead-in"
    assert all(place.startswith("Item 1 before") for place in places)


def test_a_case_that_comes_to_unfold_shows_its_story_and_its_new_stage() -> None:
    body = unfolding()
    story = body["stages"][0]
    at_once = {name: value for name, value in body.items() if name != "stages"} | {
        "vignette": story["text"],
        "items": story["items"],
    }

    found = differences(parse_case(at_once), parse_case(body))

    assert any(each.place.startswith("Stage 2") and each.before is None for each in found)


def leaves(value: object) -> list[list]:
    """Return the way to each text in *value*."""
    if isinstance(value, str):
        return [[]]
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [[name, *rest] for name, inner in pairs for rest in leaves(inner)]


BODY = case_body(*EVERY_KIND, slug="kinds")
PROSE = [
    way for way in leaves(BODY) if way[-1] in {"why", "lead_in", "vignette", "takeaway", "supports"}
]


@pytest.mark.parametrize("letters", ["Ж", "<b>", "&amp;"])
@given(way=st.sampled_from(PROSE))
def test_whatever_prose_changes_is_said_once_with_both_texts(letters: str, way: list) -> None:
    after = json.loads(json.dumps(BODY))
    place = after
    for step in way[:-1]:
        place = place[step]
    was = place[way[-1]]
    place[way[-1]] = now = f"{letters} {was}"

    found = differences(parse_case(BODY), parse_case(after))

    assert [(each.before, each.after) for each in found] == [(was.strip(), now.strip())]
    assert not set("{}[]_") & set(found[0].place)


def test_no_place_is_said_in_the_words_of_the_format() -> None:
    shorter = parse_case(case_body(*EVERY_KIND[1:], slug="kinds"))

    for found in (differences(shorter, parse_case(BODY)), differences(parse_case(BODY), shorter)):
        assert found
        assert all(isinstance(each, Difference) and each.place[0].isupper() for each in found)
        assert not [each for each in found if "_" in each.place]
