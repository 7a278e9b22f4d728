"""Which words of a case can be quoted, and when they are gone."""

import pytest

from question_bank.case import parse_case
from question_bank.quoting import passages, stands_in
from tests.attempts.factories import case_body, choice_item, number_item
from tests.attempts.kinds import EVERY_KIND, essay_item, unfolding

CASE = parse_case(
    case_body(choice_item(), number_item(), essay_item(), slug="ward")
    | {"vignette": "He takes warfarin **5 mg** daily.\n\nHis INR is 2.4. He does not bleed."}
)


def test_each_text_has_its_field_and_its_place_in_words() -> None:
    found = {each.field: (each.place, each.text) for each in passages(CASE)}

    assert found["vignette"][0] == "Story"
    assert found["items[0].options[1].text"] == ("Item 1, option B", "next-step second")
    assert found["items[0].options[1].why"][0] == "Item 1, option B, reason"
    assert found["items[2].rubric[0].name"][0] == "Item 3, criterion 1, name"
    assert found["takeaway"][0] == "Takeaway"


def test_a_story_is_offered_sentence_by_sentence() -> None:
    story = next(each for each in passages(CASE) if each.place == "Story")

    assert story.sentences == (
        "He takes warfarin **5 mg** daily.",
        "His INR is 2.4.",
        "He does not bleed.",
    )


@pytest.mark.parametrize(
    ("words", "there"),
    [("warfarin 5 mg daily", True), ("daily. His  INR", True), ("enoxaparin", False)],
)
def test_words_stand_there_as_a_reader_sees_them(words: str, there: bool) -> None:
    assert stands_in(CASE, words) is there


def test_every_lead_in_of_every_type_can_be_quoted() -> None:
    for body in (case_body(*EVERY_KIND, slug="kinds"), unfolding()):
        case = parse_case(body)
        offered = {each.text for each in passages(case)}
        assert {item.lead_in for item in case.questions} <= offered
