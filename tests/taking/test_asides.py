"""What is told apart from the score: how sure one was, what harms, what waits for a person."""

import re
from datetime import timedelta
from typing import Any

import pytest

from lms.attempts.models import Attempt, Confidence
from lms.core.clock import utcnow
from lms.core.db import db
from lms.grading.models import UNNAMED
from lms.quizzes.models import Assignment
from question_bank.terms import Feedback
from tests.attempts.factories import ALL_KINDS, case_body, choice_item
from tests.attempts.kinds import essay_item, menu_item, write_in_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.reading import words


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    """A choice, several, a number and words; a menu and a line to write in that may harm."""
    items = (*ALL_KINDS, menu_item(), write_in_item(), essay_item())
    return sitting_at(app, signed_in, case_body(*items, slug="asides"), feedback=Feedback.CLOSED)


def score_of(sitting: Sitting) -> int | None:
    with sitting.app.app_context():
        return db.session.get_one(Attempt, sitting.id).score


def release(sitting: Sitting) -> None:
    """Let the quiz close an hour ago."""
    names = ("opens_at", "due_at", "closes_at", "results_at")
    ago = (utcnow() - timedelta(hours=hours) for hours in (4, 3, 2, 1))
    sitting.change(Assignment, **dict(zip(names, ago, strict=True)))


def test_confidence_is_kept_with_the_answer_and_shown_again(sitting) -> None:
    sitting.save(1, 1, answer="0", confidence="leaning")

    assert sitting.row(1).confidence is Confidence.LEANING
    assert 'value="leaning" checked' in sitting.case()
    sitting.save(1, 2, answer="0", confidence="guessing")
    assert sitting.row(1).confidence is Confidence.GUESSING


def test_confidence_is_kept_by_the_plain_form_also_without_an_answer(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/cases/1", confidence_1="sure", confidence_2="guessing")

    assert [sitting.row(n).confidence for n in (1, 2)] == [Confidence.SURE, Confidence.GUESSING]
    assert sitting.answer(1) is None
    assert "0 of 7 answered." in sitting.fellow.get(sitting.url).text


def test_a_degree_of_confidence_that_is_not_offered_is_none(sitting) -> None:
    page = sitting.save(1, answer="0", confidence="certain")

    assert page.status_code == 200
    assert sitting.row(1).confidence is None


def test_it_is_asked_only_where_an_answer_is_chosen(sitting) -> None:
    asked = [f'name="confidence-{n}"' in sitting.case() for n in range(1, 8)]

    assert asked == [True, True, False, False, True, False, False]


def test_an_assignment_may_not_ask_it(sitting) -> None:
    sitting.change(Assignment, ask_confidence=False)

    assert "confidence-1" not in sitting.case()
    assert "How sure" not in sitting.fellow.get(f"/assignments/{sitting.assignment_id}/begin").text


@pytest.mark.parametrize("confidence", [*Confidence, None])
def test_confidence_never_changes_the_score(sitting, confidence) -> None:
    said = {"confidence": confidence.value} if confidence else {}
    sitting.save(1, answer=str(sitting.place(1, authored=1)), **said)
    sitting.save(5, answer=str(sitting.place(5, authored=3)), **said)

    sitting.result()

    assert score_of(sitting) == 1429


def test_the_result_says_how_sure_one_was_and_how_often_right_only_once_released(sitting) -> None:
    sitting.save(1, answer=str(sitting.place(1, authored=1)), confidence="sure")
    sitting.save(2, answer=str(sitting.place(2, authored=1)), confidence="sure")
    sitting.save(5, answer=str(sitting.place(5, authored=0)), confidence="guessing")

    before = words(sitting.result())
    release(sitting)
    after = words(sitting.fellow.get(f"{sitting.url}/result"))

    assert "How sure" not in before
    assert "You were" not in before
    assert "Item 1: right · How sure: sure" in after
    assert "How sure: sure" in after
    assert "How sure: guessing" in after
    assert "Sure Too few for a share (10 needed) 1 of 2" in after
    assert "Guessing Too few for a share (10 needed) 0.5 of 1" in after
    assert "Leaning" not in after


def test_harm_is_flagged_at_grading_whatever_else_was_chosen(sitting) -> None:
    sitting.save(1, answer=str(sitting.place(1, authored=1)))
    sitting.save(5, answer=str(sitting.place(5, authored=5)))
    sitting.save(6, entry_0="magnesium", entry_1="biopsy")
    before = [sitting.grade_at(n) for n in range(1, 8)]

    sitting.result()

    assert before == [None] * 7
    grades = [sitting.grade_at(n) for n in range(1, 8)]
    assert [bool(grade and grade.harms) for grade in grades] == [False] * 4 + [True, True, False]
    assert sitting.credit_at(6) == 0


def test_a_grade_names_the_acts_that_harm_and_says_where_none_is_named(app, signed_in) -> None:
    def harms(harm: str) -> dict[str, Any]:
        item = choice_item(f"item-{len(harm)}")
        item["options"][3]["harm"] = harm
        return item

    said = ("long-term-opioid-stopped-abruptly", "Stops the breathing")
    body = case_body(*map(harms, said), choice_item("safe"), slug="acts")
    sitting = sitting_at(app, signed_in, body)
    for position in (1, 2, 3):
        sitting.save(position, answer=str(sitting.place(position, authored=3)))
    sitting.result()

    grades = [sitting.grade_at(position) for position in (1, 2, 3)]
    assert [grade and grade.harms for grade in grades] == [[said[0]], [UNNAMED], []]


def test_harm_is_told_apart_from_the_percentage_and_not_before_the_release(sitting) -> None:
    sitting.save(5, answer=str(sitting.place(5, authored=5)))
    sitting.save(6, entry_0="biopsy")

    before = words(sitting.result())
    release(sitting)
    after = words(sitting.fellow.get(f"{sitting.url}/result"))

    assert "harmed" not in before
    assert "2 choices would have harmed the patient" in after
    assert re.search(
        r"Item 5 , [A-F]: Respiratory depression from an opioid with a benzodiazepine\.", after
    )
    assert "Item 6 , Biopsy: Bleeding from an ulcer." in after
    assert "Not part of the score." in after
    assert "Unsafe" in after


def test_what_harms_does_not_stand_on_the_answering_page(sitting) -> None:
    sitting.save(5, answer=str(sitting.place(5, authored=5)))

    assert "Respiratory depression from an opioid with a benzodiazepine" not in sitting.case()
    assert "Unsafe" not in sitting.case()


def test_an_essay_waits_for_a_person_and_is_not_in_the_score_which_is_said(sitting) -> None:
    sitting.save(1, answer=str(sitting.place(1, authored=1)))
    sitting.save(7, answer="I listen, and then I say it plainly.")

    page = words(sitting.result())

    assert (sitting.waits_at(7), sitting.credit_at(7)) == (True, None)
    assert "1 of 6. That is too few items for a share." in page
    assert "1 answer waits for a person to mark it, and is not in the score yet." in page
    assert score_of(sitting) == 1667


def test_a_blank_essay_waits_for_nobody_and_earns_nothing(sitting) -> None:
    page = words(sitting.result())

    assert (sitting.waits_at(7), sitting.credit_at(7)) == (False, 0)
    assert "0 of 7. That is too few items for a share." in page
    assert "for a person to mark" not in page


def test_an_attempt_of_essays_alone_has_no_score_until_they_are_marked(app, signed_in) -> None:
    items = (essay_item("first-talk"), essay_item("second-talk"))
    sitting = sitting_at(app, signed_in, case_body(*items, slug="talks"))
    for position in (1, 2):
        sitting.save(position, answer="In plain words.")

    page = words(sitting.result())

    assert score_of(sitting) is None
    assert "2 answers wait for a person to mark them, and are not in the score yet." in page


def test_a_choice_without_harm_says_nothing_of_harm(app, signed_in) -> None:
    sitting = sitting_at(app, signed_in, case_body(choice_item(), slug="safe"))
    sitting.save(1, answer="0")

    assert "harmed" not in words(sitting.result())


def test_an_act_that_harms_is_graded_by_its_id_and_said_by_what_it_does(app, signed_in) -> None:
    item, act = menu_item(), "morphine-in-kidney-failure"
    for option in item["options"][3:5]:
        option["harm"] = act
    item["options"][5]["harm"] = "Stops the breathing"
    sitting = sitting_at(app, signed_in, case_body(item, slug="acts"), feedback=Feedback.GRADED)
    chosen = [str(sitting.place(1, authored=n)) for n in (3, 4, 5)]
    url = f"{sitting.url}/items/1"
    sitting.fellow.send(url, tab="a", seq=1, controls={"answer": chosen})

    page = sitting.result()

    grade = sitting.grade_at(1)
    assert grade is not None
    assert grade.harms == [act, "unnamed"]
    text = words(page)
    assert "3 choices would have harmed the patient" in text
    assert text.count("Unsafe Sedation, myoclonus and seizures.") == 2
    assert text.count("Unsafe Stops the breathing.") == 1
    assert act not in page.text
