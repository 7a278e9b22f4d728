"""What is said of an answer: the choices by their letters, and what they came to."""

from dataclasses import replace

import pytest

from question_bank.case import parse_case
from question_bank.feedback import feedback_on, with_harms_said
from question_bank.items.choices import Choice, Choices
from question_bank.items.key_feature import Entries
from tests.attempts.factories import case_body
from tests.attempts.kinds import menu_item, panel_item, write_in_item


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        pytest.param({0, 1}, "You chose A, B: best answers", id="the keys"),
        pytest.param({0, 1, 2}, "You chose A, B, C. Best answers: A, B", id="one that is none"),
    ],
)
def test_what_earns_all_beside_a_key_is_not_called_a_best_answer(chosen, title) -> None:
    item = parse_case(case_body(menu_item() | {"permitted": 3}, slug="a-menu")).questions[0]
    answer = Choices(frozenset(chosen))

    feedback = feedback_on(1, item, answer, item.credit_for(answer), order=range(6))

    assert (feedback.kind, feedback.title, feedback.text) == ("good", title, "")


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        pytest.param(
            ("mg level", "potassium"),
            "You wrote mg level; potassium: best answers",
            id="the keys",
        ),
        pytest.param(
            ("mg level", "potassium", "tea"),
            "You wrote mg level; potassium; tea. Best answers: Magnesium; Potassium",
            id="one that is none",
        ),
    ],
)
def test_what_is_written_beside_the_keys_is_not_called_a_best_answer(texts, title) -> None:
    item = parse_case(case_body(write_in_item() | {"permitted": 3}, slug="lines")).questions[0]
    answer = Entries(texts)

    feedback = feedback_on(1, item, answer, item.credit_for(answer), order=range(3))

    assert (feedback.kind, feedback.title) == ("good", title)


@pytest.mark.parametrize(("point", "part"), [(1, "0.04 of 1"), (2, "0.96 of 1")])
def test_part_of_the_credit_is_neither_none_nor_all_of_it(point: int, part: str) -> None:
    counted = panel_item() | {"panel": {"counts": [0, 1, 24, 25, 0]}}
    item = parse_case(case_body(counted, slug="a-panel")).questions[0]
    answer = Choice(point)

    feedback = feedback_on(1, item, answer, item.credit_for(answer), order=range(5))

    assert feedback.text.startswith(f"Part of the credit: {part}.")


@pytest.mark.parametrize(
    ("point", "title"),
    [
        pytest.param(3, "You chose D: most frequent in the panel", id="the panel's"),
        pytest.param(2, "You chose C. Most frequent in the panel: D", id="some of the panel's"),
        pytest.param(None, "Not answered. Most frequent in the panel: D", id="blank"),
    ],
)
def test_what_a_panel_chose_is_not_called_a_best_answer(point: int | None, title: str) -> None:
    item = parse_case(case_body(panel_item(), slug="a-panel")).questions[0]
    answer = None if point is None else Choice(point)

    feedback = feedback_on(1, item, answer, item.credit_for(answer), order=range(5))

    assert feedback.title == title


def test_an_act_is_said_by_what_it_does_and_older_words_as_they_stand() -> None:
    data = menu_item()
    data["options"][4]["harm"] = "an-act"
    data["options"][5]["harm"] = "Stops the breathing"
    item = parse_case(case_body(data, slug="a-menu")).questions[0]
    answer = Choices(frozenset({4, 5}))

    feedback = feedback_on(1, item, answer, item.credit_for(answer), order=range(6))

    said = with_harms_said(feedback, lambda harm: {"an-act": "A wound"}.get(harm, harm))
    assert [line.harm for line in item.harms(answer)] == ["an-act", "Stops the breathing"]
    assert said.harms == ("E: A wound", "F: Stops the breathing")
    assert replace(said, lines=feedback.lines) == feedback
