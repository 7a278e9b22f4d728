"""What is the same for every item type."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import ITEM_TYPES, AnyItem, InvalidResponse, answer_to_json, renamed
from tests.question_bank.builders import JSON
from tests.question_bank.contract import (
    answer_or_refusal,
    best_answer,
    check_any_json,
    earned,
    mistake_in,
    secrets_of,
    shown_besides_options,
)
from tests.question_bank.kinds import CONTROL_FIELDS, KINDS, answers, count_of, near

EVERY_KIND = pytest.mark.parametrize("item", [pytest.param(item, id=item.key) for item in KINDS])


def order_of(item: AnyItem) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(count_of(item)))


def inverse(order: list[int]) -> list[int]:
    return [order.index(n) for n in range(len(order))]


def list_of(item: AnyItem) -> str:
    """Return the name of the list that an author may write in any order; empty: there is none."""
    fields = type(item).model_fields
    return next((name for name in ("options", "regions") if name in fields), "")


def test_the_file_has_an_item_of_every_type() -> None:
    assert {item.type for item in KINDS} == {kind.type_name() for kind in ITEM_TYPES}


@pytest.mark.parametrize("kind", ITEM_TYPES, ids=lambda kind: kind.type_name())
def test_an_item_type_lacks_nothing_and_is_closed(kind: type[AnyItem]) -> None:
    """Of a final class mypy says what it lacks."""
    assert kind.__abstractmethods__ == frozenset()
    assert getattr(kind, "__final__", False)


@EVERY_KIND
@pytest.mark.parametrize("raw", [None, {}])
def test_a_blank_answer_is_none_and_earns_nothing(item: AnyItem, raw: object) -> None:
    assert item.parse_answer(raw) is None
    assert earned(item, raw) == 0
    assert item.answer_text(None) == item.sum_up(None) == ""
    assert answer_to_json(None) is None
    assert not any(line.chosen for line in item.review(None))
    assert item.harms(None) == ()


@EVERY_KIND
def test_the_key_earns_all_does_no_harm_and_shows_no_mistake(item: AnyItem) -> None:
    answer = item.parse_answer(best_answer(item))
    marked_by_people = item.type == "essay" or item.use == "none"

    assert item.credit_for(answer) == (None if marked_by_people else 1)
    assert mistake_in(item, answer) is None
    assert item.harms(answer) == ()
    assert item.key_text


@EVERY_KIND
@given(data=st.data())
def test_an_answer_earns_a_share_and_is_read_back_as_it_was_stored(
    item: AnyItem, data: st.DataObject
) -> None:
    raw = data.draw(answers(item))
    answer = item.parse_answer(raw)

    assert answer is not None
    check_any_json(item, raw)
    assert isinstance(item.remark(answer), str)


@EVERY_KIND
@given(data=st.data())
def test_any_json_is_an_answer_or_is_refused(item: AnyItem, data: st.DataObject) -> None:
    check_any_json(item, data.draw(near(item)))


@EVERY_KIND
@given(fields=CONTROL_FIELDS)
def test_any_controls_are_an_answer_or_are_refused(
    item: AnyItem, fields: dict[str, list[str]]
) -> None:
    check_any_json(item, item.for_fellow().read_controls(fields))


@EVERY_KIND
@given(data=st.data())
def test_the_controls_of_an_answer_are_read_as_that_answer(
    item: AnyItem, data: st.DataObject
) -> None:
    answer = item.parse_answer(data.draw(answers(item)))
    shown = item.for_fellow()

    controls = shown.controls_of(answer_to_json(answer))

    assert all(values and all(values) for values in controls.values())
    assert item.parse_answer(shown.read_controls(controls)) == answer
    assert shown.controls_of(answer_to_json(answer)) == controls


@EVERY_KIND
def test_a_blank_answer_has_no_controls_and_none_are_a_blank_answer(item: AnyItem) -> None:
    assert item.for_fellow().controls_of(None) == {}
    assert item.for_fellow().read_controls({}) is None
    assert item.for_fellow().read_controls({"answer": [""], "row.0": [""], "unit": ["g"]}) is None


@EVERY_KIND
@given(data=st.data())
def test_the_order_in_which_options_are_shown_does_not_count(
    item: AnyItem, data: st.DataObject
) -> None:
    answer = item.parse_answer(data.draw(answers(item)))
    order = data.draw(order_of(item))

    as_shown: Any = renamed(answer_to_json(answer), inverse(order))
    sent = item.for_fellow().read_controls(item.for_fellow().controls_of(as_shown))

    assert item.parse_answer(renamed(sent, order)) == answer


@given(JSON, st.permutations(range(6)))
def test_what_is_renamed_is_renamed_back_or_refused(raw: object, order: list[int]) -> None:
    try:
        there = renamed(raw, order)
    except InvalidResponse:
        return

    assert json.dumps(renamed(there, inverse(order))) == json.dumps(raw)


def test_an_answer_that_nests_without_end_is_refused() -> None:
    deep: object = 0
    for _ in range(5_000):
        deep = [deep]

    with pytest.raises(InvalidResponse, match="not an answer"):
        renamed({"chosen": deep}, [0, 1])
    for item in KINDS:
        for name in best_answer(item):
            assert isinstance(
                answer_or_refusal(item, best_answer(item) | {name: deep}), InvalidResponse
            )


@EVERY_KIND
def test_no_reason_harm_pattern_or_level_is_shown_with_the_question(item: AnyItem) -> None:
    shown = shown_besides_options(item) + repr(item.for_fellow().options)

    assert secrets_of(item)
    assert [secret for secret in secrets_of(item) if secret in shown] == []


@EVERY_KIND
@given(data=st.data())
def test_the_review_has_the_reason_of_every_line_and_marks_what_was_chosen(
    item: AnyItem, data: st.DataObject
) -> None:
    answer = item.parse_answer(data.draw(answers(item)))
    lines, blank = item.review(answer), item.review(None)

    assert [(line.text, line.why) for line in lines] == [(line.text, line.why) for line in blank]
    assert all(line.text and line.why for line in lines)
    assert all(not line.is_key for line in item.harms(answer))
    indices = [line.index for line in lines if line.index is not None]
    assert len(set(indices)) == len(indices)
    assert all(item.for_fellow().options[n] == line.text for n, line in indexed(lines))


def indexed(lines: Any) -> list[tuple[int, Any]]:
    return [(line.index, line) for line in lines if line.index is not None]


@pytest.mark.parametrize("item", [item for item in KINDS if list_of(item)], ids=lambda it: it.key)
@given(data=st.data())
def test_an_item_that_is_shuffled_grades_its_own_order_alike(
    item: AnyItem, data: st.DataObject
) -> None:
    """An item authored in another order takes the same answers for the same credit."""
    body, name = item.model_dump(exclude_none=True), list_of(item)
    order = data.draw(order_of(item))
    answer = answer_to_json(item.parse_answer(data.draw(answers(item))))
    other = type(item).model_validate(body | {name: [body[name][n] for n in order]})

    assert earned(other, renamed(answer, inverse(order))) == earned(item, answer)
