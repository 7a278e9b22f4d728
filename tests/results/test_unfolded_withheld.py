"""A result in which keys of a case that unfolds wait: its stages may be asked about yet."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.cases.models import StoredCase
from lms.core.db import db, transaction
from lms.quizzes.models import QuizItem
from tests.attempts.factories import case_body, choice_item, make_assignment, store_case
from tests.attempts.kinds import SECOND, THIRD, unfolding
from tests.attempts.sitting import Sitting
from tests.reading import words


@pytest.fixture
def cases(app: Flask) -> list[StoredCase]:
    """A case of one item, and one of five in three stages."""
    with app.app_context(), transaction():
        return [store_case(case_body(choice_item(), slug="other")), store_case(unfolding())]


@pytest.fixture
def sitting(app: Flask, signed_in, cases) -> Sitting:
    return Sitting(app, signed_in, cases=cases)


def ask_again(sitting: Sitting, case: StoredCase, items: int) -> None:
    """Assign a quiz of the first *items* of a case, which nobody has begun."""
    with sitting.app.app_context(), transaction():
        given = make_assignment(sitting.user, cases=[case], closes_in=timedelta(days=20000))
        of_quiz = QuizItem.quiz_version_id == given.quiz_version_id
        db.session.execute(db.delete(QuizItem).where(of_quiz, QuizItem.position > items))


def stages_on(page) -> list[str]:
    """Return the words of those stages whose text a page shows."""
    texts = ("pelican", SECOND, THIRD)
    return [word for word in texts if f"What is known then, {word}" in page.text]


def test_an_item_that_waits_tells_nothing_of_its_case(sitting, cases) -> None:
    ask_again(sitting, cases[1], items=5)

    page = sitting.result()

    assert "the answers to items 2, 3, 4, 5, 6 can be read here" in words(page)
    assert "A man in other hurts" in words(page)
    assert stages_on(page) == []
    assert [word for word in ("pelican", SECOND, THIRD) if word in page.text] == []


def test_beside_an_item_that_waits_others_show_their_case_as_far_as_it_had_unfolded(
    sitting, cases
) -> None:
    ask_again(sitting, cases[1], items=1)
    sitting.save(2, answer="0")
    sitting.save(3, answer="100")
    sitting.fellow.post(f"{sitting.url}/cases/2", go="lock-2")

    page = sitting.result()

    assert "the answer to item 2 can be read here" in words(page)
    assert stages_on(page) == ["pelican", SECOND]


def test_a_case_of_which_nothing_waits_is_shown_whole(sitting) -> None:
    assert stages_on(sitting.result()) == ["pelican", SECOND, THIRD]
