"""Pasted questions and lists are taken apart as far as they tell, and no word of them is lost."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.bodies import taken, text_of
from question_bank.drafts.pasted import LONGEST, split_list, split_pasted
from question_bank.drafts.paths import flatten

STORY = "A 45-year-old mason comes with 3 weeks of back pain. He takes warfarin."
LEAD_IN = "What is the most appropriate next step?"
OPTIONS = ("Bed rest", "Walking every day", "Imaging", "An injection")


def apart(body: dict[str, Any]) -> tuple[str, str, list[str], list[str]]:
    """Return story, lead-in, options and keys of the one item of *body*."""
    (stage,) = body["stages"]
    (item,) = stage.get("items", [{}])
    options = item.get("options", [])
    keys = [option["text"] for option in options if option.get("key")]
    return stage.get("text", ""), item.get("lead_in", ""), [o["text"] for o in options], keys


@pytest.mark.parametrize(
    "layout",
    [
        "A. {}\nB. {}\nC. {}\nD. {}\n\nAnswer: B",
        "a) {}\nb) {}\nc) {}\nd) {}\nans. b",
        "(A) {}\n(B) {}\n(C) {}\n(D) {}\nThe correct answer is (B).",
        "1. {}\n2. {}\n3. {}\n4. {}\nKey: 2",
        "A. {}\n\nB. *{}\n\nC. {}\n\nD. {}",
        "  A: {}\n* B: {}\n  C: {}\n  D: {}",
        "A] {}\nB] {} (correct)\nC] {}\nD] {}",
        "- {}\n- {} *\n- {}\n- {}",
        "• {}\n*• {}\n• {}\n• {}",
        "A) {} B) {}* C) {} D) {}",
        "(A) {} (B) {} (C) {} (D) {}\nAnswer: B",
    ],
)
def test_a_question_is_taken_apart_however_its_options_are_listed(layout: str) -> None:
    text = f"7. {STORY} {LEAD_IN}\n{layout.format(*OPTIONS)}"

    assert apart(split_pasted(text)) == (STORY, LEAD_IN, list(OPTIONS), [OPTIONS[1]])


def test_an_option_goes_on_in_the_next_line_and_the_reason_follows_the_answer() -> None:
    text = (
        f"{STORY}\n\n{LEAD_IN}\nA. Bed\n   rest\nB. Walking\nC. Imaging\n\n"
        "Source: a review.\nAnswer: C\nExplanation: The foot is weak.\nIt is weak today."
    )

    body = split_pasted(text)

    assert apart(body) == (
        f"{STORY}\n\nSource: a review.", LEAD_IN, ["Bed rest", "Walking", "Imaging"], ["Imaging"],
    )  # fmt: skip
    assert (
        flatten(body)["stages/s1/items/i1/options/o3/why"] == "The foot is weak.\nIt is weak today."
    )


def test_two_keys_make_an_item_with_several_right_answers() -> None:
    body = split_pasted(f"{LEAD_IN}\nA. Rest\nB. Walk\nC. Swim\nAnswers: A and C")

    assert flatten(body)["stages/s1/items/i1/type"] == "multiple_response"
    assert apart(body)[3] == ["Rest", "Swim"]


@pytest.mark.parametrize(
    "text",
    [
        "A story and nothing else.",
        "Vitamin C. Then he slept.\nIn plan B. he walked.",
        "One line\n- with a dash",
        "",
        " \n ",
    ],
)
def test_a_text_without_options_is_a_story(text: str) -> None:
    assert apart(split_pasted(text)) == (text.strip(), "", [], [])


def test_an_answer_that_names_no_option_stays_in_the_story() -> None:
    story, _, options, keys = apart(split_pasted(f"{LEAD_IN}\nA. Rest\nB. Walk\nAnswer: E"))

    assert (story, options, keys) == ("Answer: E", ["Rest", "Walk"], [])


def test_of_two_questions_the_last_is_taken_apart_and_the_first_stays() -> None:
    one = "What hurts?\nA. Hand\nB. Foot"
    story, lead_in, options, _ = apart(split_pasted(f"{one}\n\nWhat helps?\nA. Rest\nB. Heat"))

    assert story == one
    assert (lead_in, options) == ("What helps?", ["Rest", "Heat"])


def test_a_pasted_list_makes_options() -> None:
    assert split_list("A. Rest\nB. Walk*\n\nC. Lift") == [
        {"text": "Rest"}, {"text": "Walk", "key": True}, {"text": "Lift"},
    ]  # fmt: skip
    assert split_list("Rest\n\n* Walk\nLift") == [
        {"text": "Rest"}, {"text": "Walk", "key": True}, {"text": "Lift"},
    ]  # fmt: skip
    assert split_list("- Rest\n- Walk") == [{"text": "Rest"}, {"text": "Walk"}]
    assert split_list("1) Rest\n2) Walk\nAnswer: 2\nReason: It helps.")[1] == {
        "text": "Walk", "key": True, "why": "It helps.",
    }  # fmt: skip
    assert split_list("1) Rest\n2) Walk\nAnswer: 1")[0] == {"text": "Rest", "key": True}
    assert [row["text"] for row in split_list("Heat first\nA. Rest\nB. Walk")] == [
        "Heat first", "A. Rest", "B. Walk",
    ]  # fmt: skip
    assert split_list(" ") == []


SIGNS = re.compile(r"[^\W_]{3,}")
SAID_BY_PLACE = {"answer", "answers", "ans", "key", "keys", "the", "correct", "best", "right",
                 "explanation", "rationale", "reason", "are", "and", "option"}  # fmt: skip


def words_in(*texts: str) -> Counter[str]:
    found = Counter(word for text in texts for word in SIGNS.findall(text.casefold()))
    return Counter({word: n for word, n in found.items() if word not in SAID_BY_PLACE})


PIECES = st.sampled_from([
    "A. ", "B. ", "b) ", "(C) ", "1. ", "2) ", "- ", "• ", "* ", "*", "\n", "\n\n", "? ", ". ",
    "Answer: B", "ans a", "Key: 2", "Explanation: ", "(correct)", STORY, LEAD_IN, "Walking", ":",
])  # fmt: skip
TEXTS = st.text(max_size=200) | st.lists(PIECES | st.text(max_size=9), max_size=25).map("".join)


@given(TEXTS)
def test_no_word_of_a_pasted_question_is_lost(text: str) -> None:
    body = split_pasted(text)

    assert taken(body).body == body
    said = [leaf for leaf in flatten(body).values() if isinstance(leaf, str)]
    assert not words_in(text_of(text) or "") - words_in(*said)


@given(TEXTS)
def test_no_word_of_a_pasted_list_is_lost(text: str) -> None:
    rows = split_list(text)

    assert all(row["text"].strip() for row in rows)
    said = [each for row in rows for each in row.values() if isinstance(each, str)]
    assert not words_in(text_of(text) or "") - words_in(*said)


def test_a_text_too_long_to_be_a_question_is_a_story_and_layouts_are_looked_at_in_no_time() -> None:
    assert split_pasted("A. x\n" * LONGEST)["stages"][0]["text"] == "A. x\n" * LONGEST
    assert len(split_list("A. x\n" * LONGEST)) == 1
    for sign in ("A. ", "\n \n", "* ", "answer: a, ", "(A) ", "1. a\n", "\t", "a?", "- ", "A. x\n"):
        for start in ("", "A. x\nB. y\nanswer"):
            text = start + sign * (LONGEST // len(sign) - 9)
            assert split_pasted(text)
            split_list(text)
