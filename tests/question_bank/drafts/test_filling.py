"""Pasted rows come into a list of a draft; nothing that stands there is written over."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.bodies import taken
from question_bank.drafts.filling import SAID, Filled, filled
from question_bank.drafts.reshaping import NoSuchRow
from question_bank.items.editing import WHY, ListPart, TextPart, option_parts

OPTIONS = ListPart("options", "Options", of=option_parts(alone=True), most=5, one="option")
SEVERAL = ListPart("options", "Options", of=option_parts(alone=False), most=8, one="option")
STEPS = ListPart("options", "Steps", of=(TextPart("text", "Step"), WHY), most=8, one="step")
PLACE = "stages/s1/items/i1/options"


def new_handles() -> Iterator[str]:
    return (f"n{n}" for n in count(1))


def body_with(*rows: dict[str, Any]) -> dict[str, Any]:
    options = [{"#": f"o{n}"} | row for n, row in enumerate(rows, start=1)]
    return {"stages": [{"#": "s1", "items": [{"#": "i1", "options": options}]}]}


def after(
    body: dict[str, Any], *rows: dict[str, Any], part: ListPart = OPTIONS, since: str = ""
) -> Filled:
    return filled(body, PLACE, rows, part, new_handles(), since)


def options_of(found: Filled) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = found.body["stages"][0]["items"][0]["options"]
    return options


def texts(found: Filled) -> list[str]:
    return [row.get("text", "") for row in options_of(found)]


def test_blank_rows_are_filled_first_and_the_rest_are_new_ones() -> None:
    body = body_with({"text": "Rest"}, {}, {"text": "Heat"}, {})
    found = after(body, {"text": "Walk"}, {"text": "Swim"}, {"text": "Lift"})

    assert texts(found) == ["Rest", "Walk", "Heat", "Swim", "Lift"]
    assert (found.places, found.left_out) == (("o2", "o4", "n1"), ())
    assert body == body_with({"text": "Rest"}, {}, {"text": "Heat"}, {})


def test_a_list_that_stands_in_a_row_is_split_from_there_on() -> None:
    body = body_with({}, {"text": "A. Walk\nB. Swim", "why": "Kept."}, {})
    found = after(body, {"text": "Walk", "why": "Lost?"}, {"text": "Swim"}, since="o2")

    assert options_of(found) == [
        {"#": "o1"},
        {"#": "o2", "text": "Walk", "why": "Kept."},
        {"#": "o3", "text": "Swim"},
    ]


def test_what_is_more_than_the_list_may_have_is_named() -> None:
    body = body_with({"text": "Rest"}, {"text": "Heat"}, {"text": "Cold"}, {})
    found = after(body, *({"text": each} for each in ("Walk", "Swim", "Lift", "Run")))

    assert texts(found) == ["Rest", "Heat", "Cold", "Walk", "Swim"]
    assert found.left_out == ("Not taken, as 5 is the most: “Lift”, “Run”.",)


def test_the_one_that_is_marked_is_the_key_if_none_is_yet() -> None:
    found = after(body_with({"key": True}, {}), {"text": "Walk"}, {"text": "Swim", "key": True})

    assert [row.get("key", False) for row in options_of(found)] == [False, True]


@pytest.mark.parametrize(
    ("there", "marked", "said"),
    [
        ({"text": "Rest", "key": True}, 1, "“Walk” is marked as right, and another is so already."),
        ({"text": "Rest"}, 2, "2 are marked as right, and one can be."),
    ],
)
def test_a_key_is_never_changed_by_what_is_pasted(
    there: dict[str, Any], marked: int, said: str
) -> None:
    rows = [{"text": each, "key": n < marked} for n, each in enumerate(("Walk", "Swim"))]
    found = after(body_with(there), *rows)

    assert [row.get("key", False) for row in options_of(found)] == [
        there.get("key", False),
        *2 * [0],
    ]
    assert found.left_out[0].startswith(said)


def test_of_several_right_ones_all_are_taken_and_of_steps_no_mark() -> None:
    rows = [{"text": "Walk", "key": True}, {"text": "Swim", "key": True}]
    several, steps = (after(body_with(), *rows, part=part) for part in (SEVERAL, STEPS))

    assert [row["key"] for row in options_of(several)] == [True, True]
    assert options_of(steps) == [{"#": "n1", "text": "Walk"}, {"#": "n2", "text": "Swim"}]
    assert steps.left_out == ("Not taken: that “Walk” is marked as right.",)


@pytest.mark.parametrize(("path", "since"), [(PLACE, "zz"), ("stages/s9/items/i1/options", "")])
def test_a_place_that_is_gone_takes_nothing(path: str, since: str) -> None:
    with pytest.raises(NoSuchRow):
        filled(body_with({}), path, [{"text": "Walk"}], OPTIONS, new_handles(), since)


def test_a_list_that_is_not_there_yet_begins() -> None:
    source = ListPart("references", "Sources", of=(TextPart("title", "Title"),), most=2)
    found = filled({}, "references", [{"title": "One"}], source, new_handles())

    assert found.body == {"references": [{"#": "n1", "title": "One"}]}


def test_only_so_much_is_said_at_once() -> None:
    said = Filled({}, (), tuple(f"No. {n}." for n in range(SAID + 3))).said_left_out

    assert said.endswith("No. 5. And 3 more remarks like these.")


ROWS = st.lists(
    st.fixed_dictionaries({}, optional={"text": st.text(min_size=1), "key": st.booleans()})
)


@given(ROWS, ROWS, st.sampled_from([OPTIONS, SEVERAL, STEPS]))
def test_no_text_is_lost_and_one_best_answer_stays_one(
    there: list[dict[str, Any]], rows: list[dict[str, Any]], part: ListPart
) -> None:
    for row in there:
        row.pop("key", None)
    found = after(body_with(*there), *rows, part=part)

    assert [row["text"] for row in there if "text" in row] == [
        row["text"]
        for row, before in zip(options_of(found), there, strict=False)
        if "text" in before
    ]
    assert part is not OPTIONS or sum(row.get("key", False) for row in options_of(found)) <= 1
    room = part.most - sum(bool(row.get("text")) for row in there)
    assert len(found.places) == min(len(rows), max(room, 0, sum("text" not in r for r in there)))
    taken(found.body)
