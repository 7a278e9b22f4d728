"""Two texts as one."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.reviews.redlining import redline


def test_what_went_is_struck_and_what_came_is_underlined() -> None:
    marked = redline("He has chronic pain.", "He has 14 months of pain.")

    assert marked == "He has <del>chronic </del><ins>14 months of </ins>pain."


def test_what_was_not_there_is_new_as_a_whole() -> None:
    assert redline(None, "Wait") == "<ins>Wait</ins>"
    assert redline("Wait", None) == "<del>Wait</del>"


def test_a_long_text_shows_the_change_and_a_little_around_it() -> None:
    story = "He works under a keyboard for a while and wants to manage an hour of it. " * 9

    marked = redline(f"{story}He bleeds. {story}", f"{story}He does not bleed. {story}")

    assert "<del>bleeds. </del>" in marked
    assert len(marked) < 400
    assert marked.count("…") == 2


@pytest.mark.parametrize("sign", ["¶ ", "¦ ", "&amp; ", "<b> ", "</del> "])
def test_signs_that_mean_something_elsewhere_stay_what_they_are(sign: str) -> None:
    marked = redline(f"one {sign}two", f"one {sign}three")

    said = unescape(re.sub(r"</?(?:ins|del)>|<br>", "", marked))
    assert sign.strip() in said


texts = st.text(alphabet="ab <>&¶¦().\n*", max_size=60)


@given(texts, texts)
def test_no_text_becomes_markup(before: str, after: str) -> None:
    marked = redline(before, after)

    assert set(re.findall(r"<[^>]*>", marked)) <= {"<ins>", "</ins>", "<del>", "</del>", "<br>"}


def test_two_texts_of_one_word_again_and_again_are_not_compared() -> None:
    marked = redline("word " * 4000, "wurd word " * 4000)

    assert marked.startswith("<del>word")
    assert "</del><ins>wurd" in marked
