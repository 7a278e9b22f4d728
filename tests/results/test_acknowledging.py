"""A fellow acknowledges an unsafe choice, once its key is released."""

import re

import pytest

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.quizzes.models import Assignment
from question_bank.terms import Feedback
from tests.attempts.factories import case_body, choice_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import NOW, make_fellow
from tests.reading import words
from tests.taking.pages import Fellow

BUTTON = "I have read why at item 1"


def unsafe_sitting(app, signed_in, **terms) -> Sitting:
    """Return a sitting that handed in an unsafe choice at item 1, and a safe one at item 2."""
    item = choice_item("item-0")
    item["options"][3]["harm"] = "long-term-opioid-stopped-abruptly"
    body = case_body(item, choice_item("item-1"), slug="harm")
    sitting = sitting_at(app, signed_in, body, **terms)
    for position in (1, 2):
        sitting.save(position, answer=str(sitting.place(position, authored=3)))
    sitting.result()
    return sitting


def read(sitting: Sitting, position: int = 1, fellow: Fellow | None = None):
    return (fellow or sitting.fellow).post(f"{sitting.url}/result/{position}/acknowledge")


def deeds(app) -> list[str]:
    with app.app_context():
        query = db.select(AuditEvent.action).where(AuditEvent.action.like("choice.%"))
        return list(db.session.scalars(query))


def test_a_fellow_acknowledges_an_unsafe_choice_with_one_press(app, signed_in) -> None:
    sitting = unsafe_sitting(app, signed_in)
    before = words(sitting.fellow.get(f"{sitting.url}/result"))

    answers = [read(sitting) for _ in range(2)]

    after = words(sitting.fellow.get(f"{sitting.url}/result"))
    assert BUTTON in before
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "You have read why at item 1." in after
    assert BUTTON not in after
    assert deeds(app) == ["choice.acknowledge"]


@pytest.mark.parametrize("position", [2, 99])
def test_only_what_was_unsafe_can_be_acknowledged(app, signed_in, position: int) -> None:
    sitting = unsafe_sitting(app, signed_in)

    assert read(sitting, position).status_code == 404
    assert deeds(app) == []


def test_nobody_acknowledges_for_another_fellow(app, signed_in) -> None:
    sitting = unsafe_sitting(app, signed_in)
    with app.app_context(), transaction():
        other = make_fellow()

    assert read(sitting, fellow=Fellow(signed_in(other))).status_code == 404


def test_before_the_key_is_released_nothing_is_told_or_acknowledged(app, signed_in) -> None:
    sitting = unsafe_sitting(app, signed_in, feedback=Feedback.CLOSED)

    assert BUTTON not in words(sitting.fellow.get(f"{sitting.url}/result"))
    assert read(sitting).status_code == 404

    sitting.change(Assignment, closes_at=NOW, due_at=NOW, results_at=NOW)
    assert re.search(BUTTON, words(sitting.fellow.get(f"{sitting.url}/result")))
    assert read(sitting).status_code == 302
