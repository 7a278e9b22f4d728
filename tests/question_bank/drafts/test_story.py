"""What the strip finds in a story, and where harm is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.story import TextLength, asks_for_an_act, found_in, lengths_of
from question_bank.items.base import Option
from tests.question_bank.drafts.made import SHIPPED

STORY = """A 41-year-old translator comes to the clinic with 6 weeks of back pain, 7 of 10.
It grows worse. Naproxen 500 mg was tried without relief. She can no longer climb stairs."""


def missing_in(story: str) -> list[str]:
    return [what for what, found in found_in(story) if not found]


def test_a_complete_story_has_everything_and_an_empty_one_nothing() -> None:
    assert missing_in(STORY) == []
    assert len(missing_in("")) == 7


@pytest.mark.parametrize(
    ("without", "what"),
    [
        ("A 41-year-old translator", "Age"),
        ("comes to the clinic", "Setting"),
        ("with 6 weeks of back pain", "Duration"),
        ("It grows worse.", "Course"),
        ("was tried without relief", "What was tried"),
        ("She can no longer climb stairs.", "Function"),
    ],
)
def test_what_is_left_out_is_not_found(without: str, what: str) -> None:
    assert missing_in(STORY.replace(without, "She hurts")) == [what]


def test_numbers_want_their_units() -> None:
    bare = STORY.replace("500 mg", "500").replace("7 of 10", "7")

    assert missing_in(bare) == ["Numbers with units"]


def test_the_strip_lights_up_for_most_stories_of_the_bank() -> None:
    for what in range(7):
        found = sum(found_in(case.parts[0].text)[what][1] for case in SHIPPED)
        assert found >= 50


def test_harm_is_offered_wherever_the_bank_has_it_and_not_everywhere() -> None:
    harming = {
        item.lead_in
        for case in SHIPPED
        for item in case.questions
        for option in (*getattr(item, "options", ()), *getattr(item, "regions", ()))
        if isinstance(option, Option) and option.harm
    }
    others = {item.lead_in for case in SHIPPED for item in case.questions} - harming

    assert len(harming) > 25
    assert [lead_in for lead_in in harming if not asks_for_an_act(lead_in)] == []
    assert sum(not asks_for_an_act(lead_in) for lead_in in others) > 30


@pytest.mark.parametrize(
    ("lead_in", "acts"),
    [
        ("Which of the following is the most appropriate next step?", True),
        ("What do you tell her?", True),
        ("", True),
        ("Which of the following is the most likely cause?", False),
        ("Which two of her findings fit?", False),
        ("How many milligrams does she take a day?", False),
    ],
)
def test_causes_findings_and_numbers_do_no_harm(lead_in: str, acts: bool) -> None:
    assert asks_for_an_act(lead_in) is acts


@given(st.text() | st.text("0 my-old,.;", max_size=3000))
def test_any_text_is_looked_through(text: str) -> None:
    assert len(found_in(text)) == 7
    assert asks_for_an_act(text) in (True, False)


def test_long_texts_are_looked_through_in_no_time() -> None:
    for sign in ("1 ", "a ", "1-", "- ", "an old ", "half and a half ", "which in "):
        assert len(found_in(sign * 100_000)) == 7
        assert asks_for_an_act(sign * 100_000) in (True, False)


def test_lengths_are_beside_the_longest() -> None:
    assert lengths_of(("Rest", "Walk a mile", " ")) == (
        TextLength(4, 36, False),
        TextLength(11, 100, True),
        TextLength(0, 0, False),
    )
    assert lengths_of(("Rest", "Walk")) == (TextLength(4, 100, False),) * 2
    assert lengths_of(("", "")) == (TextLength(0, 0, False),) * 2
    assert lengths_of(()) == ()
