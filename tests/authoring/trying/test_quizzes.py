"""Trying out a quiz counts what an attempt begun now would count."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.authoring.trying.queries import quiz_to_try
from lms.authoring.trying.results import OUT, TrialResult, result_of
from lms.authoring.trying.trials import Given, Trial
from lms.cases.models import Item
from lms.core.db import db, transaction
from lms.grading.withholding.services import withhold
from lms.people.models import Role
from lms.quizzes.arranging.services import add_case
from lms.quizzes.assembling.services import create_quiz
from lms.quizzes.queries import places_of, quiz_by_id
from tests.attempts.factories import choice_item
from tests.attempts.kinds import essay_item
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user

pytestmark = pytest.mark.usefixtures("in_app")

RIGHT, WRONG = Given({"chosen": 1}), Given({"chosen": 0})


@pytest.fixture
def quiz_id() -> int:
    """A quiz of two items in which one chooses, and an essay."""
    load(case_file("ward", choice_item("first-step"), choice_item("next-step"), essay_item()))
    with transaction():
        faculty = make_user(Role.FACULTY)
        quiz = create_quiz(faculty, title="Rounds", now=NOW)
        add_case(faculty, quiz.id, stored("ward").id, now=NOW)
    return quiz.id


def withheld(*keys: str) -> None:
    with transaction():
        person, case = make_user(Role.FACULTY), stored("ward")
        for item in db.session.scalars(select(Item).where(Item.key.in_(keys))):
            withhold(person, case, item, why="", now=NOW)


def tried(quiz_id: int):
    quiz = quiz_by_id(quiz_id)
    return quiz_to_try(quiz, places_of(quiz.versions[-1].id))


def result(quiz_id: int) -> TrialResult:
    """Return what comes of a first item answered wrong, a second right, and an essay."""
    given = {1: WRONG, 2: RIGHT, 3: Given({"text": "I listen first."})}
    return result_of(tried(quiz_id), replace(Trial(seed=4), step=9, given=given))


def test_an_item_that_is_withheld_counts_in_no_score_of_a_trial(quiz_id) -> None:
    before = result(quiz_id)
    withheld("first-step")
    after = result(quiz_id)

    assert before.headline == "1 of 2"
    assert after.headline == "1 of 1"
    titles = [each.item.title for each in after.items]
    assert titles[0] == OUT
    assert OUT not in titles[1:]
    assert after.items[0].item.kind == "info"
    assert after.items[0].item.lines, "its key is shown all the same"


def test_an_essay_that_is_withheld_waits_for_nobody(quiz_id) -> None:
    assert result(quiz_id).waiting == 1

    withheld("tell-the-patient")

    assert result(quiz_id).waiting == 0


def test_what_was_begun_before_an_item_was_withheld_begins_anew(quiz_id) -> None:
    before = tried(quiz_id).mark

    withheld("first-step")

    assert tried(quiz_id).mark != before
