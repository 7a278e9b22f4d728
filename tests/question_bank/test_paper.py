"""The paper of a quiz: what is asked, in which order, and what a fellow sees of a case."""

import random

import pytest

from question_bank.case import Case, parse_case
from question_bank.paper import (
    PlacedItem,
    asked_items,
    order_of,
    parts_of,
    preview_of,
    uses_asked,
)
from tests.question_bank.builders import make_case, number, several, single
from tests.question_bank.kinds import BY_KEY
from tests.question_bank.test_unfolding import stage, unfolding

SHORT = make_case(single(), several(key="all-steps"), slug="short")
LONG = parse_case(unfolding(stage("one", "two"), stage("three"), slug="long"))


def asked(*seats: tuple[Case | None, str], formative: bool = False) -> list[tuple[int, int]]:
    return [(each.seat, each.stage) for each in asked_items(seats, uses_asked(formative))]


def test_items_are_asked_in_the_order_of_the_quiz() -> None:
    assert asked((SHORT, "all-steps"), (SHORT, "next-step"), (LONG, "one")) == [
        (0, 0),
        (1, 0),
        (2, 0),
    ]


def test_the_stages_of_a_case_come_one_after_the_other_whatever_the_quiz_says() -> None:
    seats = [(LONG, "three"), (LONG, "two"), (LONG, "one"), (SHORT, "next-step")]

    assert asked(*seats) == [(1, 0), (2, 0), (0, 1), (3, 0)]


def test_the_items_of_a_case_stand_together_where_its_first_one_stands() -> None:
    seats = [(SHORT, "next-step"), (LONG, "one"), (SHORT, "all-steps")]

    assert asked(*seats) == [(0, 0), (2, 0), (1, 0)]


def test_what_its_case_says_no_more_is_not_asked() -> None:
    assert asked((SHORT, "gone"), (None, "next-step"), (SHORT, "next-step")) == [(2, 0)]
    assert asked((SHORT, "gone")) == []


def test_what_an_item_is_fit_for_decides_whether_a_quiz_asks_it() -> None:
    formative = next(item for item in BY_KEY.values() if item.use == "formative")
    case = make_case(single(), formative)

    seats = [(case, formative.key), (case, "next-step")]

    assert asked(*seats) == [(1, 0)]
    assert asked(*seats, formative=True) == [(0, 0), (1, 0)]


def test_options_are_shuffled_only_where_the_item_allows_it() -> None:
    fixed = single().model_copy(update={"shuffle": False})

    shuffled = order_of(single(), random.Random(7).shuffle)

    assert sorted(shuffled) == [0, 1, 2, 3]
    assert shuffled != [0, 1, 2, 3]
    assert order_of(single(), random.Random(7).shuffle) == shuffled
    assert order_of(number(), random.Random(7).shuffle) == []
    assert fixed.for_fellow().shuffle is False
    assert order_of(fixed, random.Random(7).shuffle) == [0, 1, 2, 3]


def test_options_have_letters_in_the_order_in_which_they_are_shown() -> None:
    place = PlacedItem(1, single().for_fellow(), order=(2, 0, 3, 1))

    assert place.options == (("A", "Lift"), ("B", "Rest"), ("C", "Swim"), ("D", "Walk"))


@pytest.mark.parametrize(("reached", "new"), [(0, [False]), (1, [False, True])])
def test_a_case_is_seen_as_far_as_it_has_unfolded(reached: int, new: list[bool]) -> None:
    places = [PlacedItem(n, item.for_fellow(), (0,)) for n, item in enumerate(LONG.questions, 1)]

    parts = parts_of(LONG, places, reached)

    assert [part.new for part in parts] == new
    assert [place.position for place in parts[-1].places] == [[1, 2], [3]][reached]


def test_a_preview_shows_all_of_a_case_and_of_its_items_those_of_the_quiz() -> None:
    parts = preview_of(LONG, {"two": 5, "three": 6}, {"two": 1, "three": 4})

    assert [[place.position for place in part.places] for part in parts] == [[5], [6]]
    assert parts[0].places[0].order == (0, 1, 2, 3)
    assert parts[1].places[0].item.points == 4
