"""What a changed key leaves to regrade is counted until it is regraded, and is nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import services as attempts
from lms.cases import withholding
from lms.core.db import db, transaction
from lms.grading import regrading
from lms.grading import services as grading
from lms.grading.earlier_keys import EarlierKey, earlier_keys
from lms.people.models import Role, User
from tests.attempts.factories import begin, choice_item, number_item
from tests.cases.test_authors_word import other_key, other_lead, revise
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user
from tests.reading import words


@pytest.fixture
def graded_case(in_app: Flask) -> int:
    """A case of two items that one fellow has handed in; its id."""
    load(case_file("ward", choice_item(), number_item()))
    fellow, attempt = begin(cases=[stored("ward")])
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
        grading.grade_attempt(attempt.id, now=NOW)
    return stored("ward").id


def test_answers_by_a_key_that_changed_are_counted_by_item(graded_case: int) -> None:
    assert earlier_keys(graded_case) == []

    revise("ward", other_key(), number_item(), word=True)
    revise("ward", other_key() | {"points": 2}, number_item(), word=False)

    assert earlier_keys(graded_case) == [EarlierKey("next-step", 1, 1, 1, 2, NOW)]


@pytest.mark.parametrize("word", [False, None])
def test_wording_leaves_nothing_to_regrade(graded_case: int, word: bool | None) -> None:
    revise("ward", other_lead(), number_item(), word=word)

    assert earlier_keys(graded_case) == []


def test_what_counts_in_no_score_is_not_counted(graded_case: int) -> None:
    revise("ward", other_key(), number_item(), word=True)
    with transaction():
        _case, item = withholding.locked_item("ward", "next-step")
        withholding.withhold(make_user(Role.FACULTY), item, "", now=NOW)
    with transaction():
        regrading.regrade_some(item.id, now=NOW)

    assert earlier_keys(graded_case) == []


def test_the_page_of_the_case_says_so(
    app: Flask, signed_in: Callable[[User], FlaskClient], graded_case: int
) -> None:
    revise("ward", other_key(), number_item(), word=True)
    with transaction():
        faculty = make_user(Role.FACULTY)
    db.session.remove()

    said = words(signed_in(faculty).get("/bank/ward"))

    assert "Item 1: 1 answer by 1 fellow. Version 2 changed what is right" in said
