"""Whether what is right of an item has turned, whatever is said of the change."""

from typing import Any

import pytest

from question_bank.items import ITEM_TYPES
from question_bank.turning import items_that_turned
from tests.question_bank.kinds import BY_KEY, KINDS, changed


def raw(kind: str) -> dict[str, Any]:
    item = next(each for each in KINDS if each.type == kind)
    return item.model_dump(exclude_none=True)


def turned(kind: str, **changes: Any) -> bool:
    item = BY_KEY[raw(kind)["key"]]
    return bool(items_that_turned([item], [changed(item, **changes)]))


def reworded(rows: list[dict[str, Any]], name: str = "text") -> list[dict[str, Any]]:
    first, *rest = rows
    return [first | {name: f"{first[name]} now"}, *rest]


def test_every_type_that_is_left_as_it_is_or_asked_in_other_words_is_not_turned() -> None:
    assert {type(each) for each in KINDS} == set(ITEM_TYPES)
    asked_otherwise = [changed(each, lead_in="Which of these is it, then?") for each in KINDS]

    assert items_that_turned(KINDS, KINDS) == ()
    assert items_that_turned(KINDS, asked_otherwise) == ()
    assert items_that_turned([], KINDS) == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("single_best_answer", "options"),
        ("multiple_response", "options"),
        ("hotspot", "regions"),
        ("ordering", "steps"),
    ],
)
def test_words_of_one_option_that_change_say_nothing_of_what_is_right(kind: str, name: str) -> None:
    assert not turned(kind, **{name: reworded(raw(kind)[name])})


@pytest.mark.parametrize(
    ("kind", "name"), [("single_best_answer", "options"), ("hotspot", "regions")]
)
def test_an_option_that_reads_the_same_and_is_right_now_turns_an_item(kind: str, name: str) -> None:
    rows = raw(kind)[name]
    keys = [row["key"] for row in rows]
    other = [row | {"key": key} for row, key in zip(rows, [keys[-1], *keys[:-1]], strict=True)]
    spared = [row | ({"harm": None} if row["key"] and "harm" in row else {}) for row in other]

    assert turned(kind, **{name: spared})


def test_one_right_option_fewer_turns_an_item() -> None:
    rows = raw("multiple_response")["options"]
    right = [n for n, row in enumerate(rows) if row["key"]]
    fewer = [
        row | {"text": f"{row['text']} now", "key": False} if n == right[0] else row
        for n, row in enumerate(rows)
    ]

    assert turned("multiple_response", options=fewer, choose=len(right) - 1)


def test_another_order_and_another_number_turn_an_item() -> None:
    steps = raw("ordering")["steps"]

    assert turned("ordering", steps=[steps[1], steps[0], *steps[2:]])
    assert turned("numeric", answer=1400)


def test_another_pairing_turns_an_item_and_another_word_for_it_does_not() -> None:
    pairs = raw("matching")["pairs"]
    one, two, *rest = pairs
    crossed = [one | {"right": two["right"]}, two | {"right": one["right"]}, *rest]

    assert turned("matching", pairs=crossed)
    assert not turned("matching", pairs=reworded(pairs, "right"))


def test_what_another_option_fits_turns_an_item() -> None:
    item = raw("extended_matching")
    first, *rest = item["stems"]
    other = next(e["text"] for e in item["options"] if e["text"] != first["key"])

    assert turned("extended_matching", stems=[first | {"key": other}, *rest])


def test_a_short_answer_turns_only_once_nothing_is_accepted_that_was() -> None:
    accept = list(raw("short_answer")["accept"])

    assert not turned("short_answer", accept=[*accept, "something else"])
    assert turned("short_answer", accept=["something else"], mistakes=[])


def test_another_type_under_the_same_key_turns_an_item() -> None:
    first, second = KINDS[:2]

    assert items_that_turned([first], [changed(second, key=first.key)]) == (first.key,)
