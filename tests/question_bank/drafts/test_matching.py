"""Rows of two bodies of one case are told to be the same, and so share a handle."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.bodies import HANDLE, Body, is_handle, rows_within
from question_bank.drafts.matching import matched
from question_bank.drafts.opening import draft_of
from tests.question_bank.drafts.made import SHIPPED


def bare(value: Any) -> Any:
    """Return what *value* says, without handles."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if name != HANDLE}
    return value


def handles(body: Body) -> list[str]:
    return [row[HANDLE] for _, rows in rows_within(body) for row in rows]


def renamed(body: Body) -> Body:
    """Return *body* with other handles at every row."""
    if isinstance(body, list):
        return [renamed(each) for each in body]
    if isinstance(body, dict):
        return {
            name: f"z{each}"[:8] if name == HANDLE else renamed(each) for name, each in body.items()
        }
    return body


def options(*said: tuple[str, str], **more: str) -> Body:
    """Return a body whose one list has rows with these handles and texts."""
    return {"options": [{HANDLE: handle, "text": text} | more for handle, text in said]}


def found(new: Body, base: Body) -> list[str]:
    return [row[HANDLE] for row in matched(new, base, base)["options"]]


def test_rows_that_say_the_same_keep_their_handles_wherever_they_stand() -> None:
    base = options(("aa", "One"), ("bb", "Two"), ("cc", "Three"))
    new = options(("x1", "Three"), ("x2", "One"), ("x3", "Two"))

    assert found(new, base) == ["cc", "aa", "bb"]


def test_a_row_is_known_by_its_text_although_its_reason_has_changed() -> None:
    base = options(("aa", "One"), ("bb", "Two"), why="Old")
    new = options(("x1", "Two"), ("x2", "One"), why="New")

    assert found(new, base) == ["bb", "aa"]


def test_an_item_is_known_by_its_key_before_anything_else_it_says() -> None:
    base = {"options": [{HANDLE: "aa", "key": "k1", "text": "One"}, {HANDLE: "bb", "key": "k2"}]}
    new = {"options": [{HANDLE: "x1", "key": "k2", "text": "One"}, {HANDLE: "x2", "key": "k1"}]}

    assert found(new, base) == ["bb", "aa"]


def test_the_only_rows_that_are_left_of_both_are_the_same() -> None:
    base = options(("aa", "One"), ("bb", "Two"))
    new = options(("x1", "One"), ("x2", "Quite another"))

    assert found(new, base) == ["aa", "bb"]


def test_two_rows_that_are_left_of_each_are_told_apart() -> None:
    base = options(("aa", "One"), ("bb", "Two"))
    new = options(("x1", "Three"), ("x2", "Four"))

    assert not set(found(new, base)) & {"aa", "bb"}


def test_no_two_rows_are_taken_for_one() -> None:
    base = options(("aa", "Same"), ("bb", "Other"))
    new = options(("x1", "Same"), ("x2", "Same"), ("x3", "Other"))

    assert len(set(found(new, base))) == 3
    assert found(new, base)[0] == "aa"


def test_texts_that_are_not_written_yet_make_no_rows_the_same() -> None:
    base = {"options": [{HANDLE: "aa", "text": "", "why": "First"}, {HANDLE: "bb", "text": "Two"}]}
    new = {"options": [{HANDLE: "x1", "text": "", "why": "Else"}, {HANDLE: "x2", "why": "First"}]}

    assert found(new, base)[1] == "aa"


def test_a_new_row_gets_a_handle_that_no_body_has() -> None:
    base, beside = options(("n1", "One")), options(("n2", "Elsewhere"))
    new = options(("n3", "One"), ("n4", "More"), ("n5", "Most"))

    handles_given = [row[HANDLE] for row in matched(new, base, beside)["options"]]

    assert handles_given[0] == "n1"
    assert not set(handles_given[1:]) & {"n1", "n2"}


def test_what_became_a_list_or_is_one_no_more_is_as_it_is() -> None:
    assert matched({"a": "text"}, options(("aa", "One")), {}) == {"a": "text"}
    assert found(options(("x1", "One")), {"options": "text"}) != ["x1"]
    assert matched({"a": ["x", "y"]}, {"a": ["x"]}, {}) == {"a": ["x", "y"]}


@pytest.mark.parametrize("case", SHIPPED[::12], ids=lambda case: case.slug)
def test_a_shipped_case_that_is_read_again_has_all_its_rows(case) -> None:
    body = draft_of(case)

    assert matched(renamed(body), body, body) == body


WORDS = st.sampled_from(["", "One", "Two", "Three", "Four"])

ROWS = st.recursive(
    st.fixed_dictionaries({}, optional={"key": WORDS, "text": WORDS, "why": WORDS}),
    lambda rows: st.fixed_dictionaries(
        {"text": WORDS}, optional={"options": st.lists(rows, min_size=1, max_size=4)}
    ),
    max_leaves=8,
)


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """Return a body whose rows say little, and so often the same, with handles of their own."""
    numbers = itertools.count(1)

    def handled(row: dict[str, Any]) -> Body:
        own = {HANDLE: f"r{next(numbers)}"}
        inner = [handled(each) for each in row.get("options", ())]
        return own | row | ({"options": inner} if inner else {})

    return {"items": [handled(each) for each in draw(st.lists(ROWS, min_size=1, max_size=5))]}


@given(bodies(), bodies())
def test_whatever_two_bodies_say_no_text_changes_and_no_handle_is_twice(a, b) -> None:
    done = matched(renamed(a), b, b)

    assert bare(done) == bare(a)
    assert len(handles(done)) == len(set(handles(done)))
    assert all(is_handle(each) for each in handles(done))


@given(bodies())
def test_a_body_matched_with_itself_says_every_row_under_a_handle_it_had(body) -> None:
    done = matched(renamed(body), body, body)

    for handle, says in said(done):
        assert handle not in dict(said(body)) or dict(said(body))[handle] == says


@given(st.permutations(["One", "Two", "Three", "Four", "Five"]))
def test_in_whichever_order_they_come_rows_are_known_by_their_texts(order) -> None:
    base = options(*((f"h{text[:2].lower()}", text) for text in sorted(order)))
    new = options(*((f"x{place}", text) for place, text in enumerate(order)), why="Anew")

    assert found(new, base) == [f"h{text[:2].lower()}" for text in order]


def said(body: Body) -> Iterator[tuple[str, Any]]:
    """Yield each row's handle with what the row says."""
    for _, rows in rows_within(body):
        for row in rows:
            yield row[HANDLE], bare(row)
