"""Essay: it is kept as it was written, and marked by a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.essay import EssayText
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["explain-the-result"]


def test_what_an_essay_earns_a_person_says() -> None:
    assert ITEM.credit_for(EssayText("A screen.")) is None
    assert earned(ITEM, None) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("One.\nTwo.", "One.\nTwo.", id="two lines"),
        pytest.param("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree.", id="line ends of other systems"),
        pytest.param("  One.\n\n", "One.", id="space around it"),
        pytest.param("5\u00a0mg\u202fa\u2009day", "5 mg a day", id="spaces of print"),
        pytest.param("opi\u00adoid\u200b\ufeff", "opioid", id="signs that cannot be seen"),
        pytest.param("\tOne – “two” ≥ 3 µg", "One – “two” ≥ 3 µg", id="signs that can"),
    ],
)
def test_an_essay_is_kept_as_it_was_written(typed: str, kept: str) -> None:
    assert ITEM.parse_answer({"text": typed}) == EssayText(kept)
    assert ITEM.answer_text(EssayText(kept)) == kept


@pytest.mark.parametrize("text", [None, "", "  \n\t ", "\u00a0"])
def test_nothing_written_is_a_blank_answer(text: str | None) -> None:
    assert ITEM.parse_answer({"text": text}) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("word " * 101, "about 50 words; these are 101", id="over twice the limit"),
        pytest.param("a" * 2_001, "about 50 words", id="one endless word"),
        pytest.param("a\0b", "plain sentences", id="a control character"),
        pytest.param("\ud800", "plain sentences", id="half a character"),
        pytest.param("a\u202eb", "plain sentences", id="written backwards"),
        pytest.param(["a"], "plain sentences", id="a list"),
        pytest.param(7, "plain sentences", id="a number"),
    ],
)
def test_what_is_no_essay_is_refused(text: object, complaint: str) -> None:
    with pytest.raises(InvalidResponse, match=complaint):
        ITEM.parse_answer({"text": text})


def test_up_to_twice_the_limit_nothing_is_lost() -> None:
    answer = ITEM.parse_answer({"text": "word " * 100})

    assert isinstance(answer, EssayText)
    assert answer.words == 100


@given(st.text("ab é\n“", max_size=80))
def test_what_stands_in_the_control_is_read_back(text: str) -> None:
    answer = ITEM.parse_answer(ITEM.for_fellow().read_controls({"answer": [text]}))

    assert (answer is None) is not text.strip()
    if answer is not None:
        assert answer == EssayText(text.strip())
        assert ITEM.for_fellow().controls_of(answer.to_json()) == {"answer": [text.strip()]}


def test_what_the_fellow_sees_does_not_depend_on_levels_and_model_answer() -> None:
    levels = [{"points": 0, "text": "No"}, {"points": 9, "text": "Yes"}]
    rubric = [{"name": each.name, "levels": levels} for each in ITEM.rubric]
    other = changed(ITEM, rubric=rubric, model_answer="Another.", why="Twelve " * 12)

    assert other.for_fellow() == ITEM.for_fellow()
    assert ITEM.for_fellow().criteria == ("Says what the test can show", "Says what follows")


def test_the_result_has_a_good_answer_and_what_each_criterion_asks_for() -> None:
    model, *criteria = ITEM.review(EssayText("A screen."))

    assert (model.text, model.why) == ("A good answer", ITEM.model_answer)
    assert [(line.text, line.best) for line in criteria] == [
        ("Says what the test can show", "Also says which drugs it misses"),
        ("Says what follows", "Names the second test"),
    ]
    assert criteria[1].why == "0: Not said. 3: Names the second test."
    assert ITEM.key_text == "Marked by a person with the rubric"
    assert ITEM.remark(None) == ITEM.why


def test_while_writing_only_the_names_of_criteria_are_shown_afterwards_what_was_judged() -> None:
    rubric = [criterion.model_dump(exclude_none=True) for criterion in ITEM.rubric]
    rubric[0] |= {"name": "Safety", "text": "Says that the screen proves nothing by itself"}
    item = changed(ITEM, rubric=rubric)

    _, first, second, *_ = item.review(None)

    assert item.for_fellow().criteria[0] == "Safety"
    assert "proves nothing" not in repr(item.for_fellow())
    assert first.text == "Safety: Says that the screen proves nothing by itself"
    assert second.text == ITEM.rubric[1].name
