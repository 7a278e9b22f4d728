"""Looking at a quiz as a fellow would, and the list of quizzes."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.db import db, transaction
from lms.people.models import Role
from lms.quizzes import models
from lms.quizzes.assembling import services
from lms.quizzes.models import Quiz
from tests.attempts.factories import ALL_KINDS, SECRET, choice_item, make_assignment, make_case
from tests.factories import NOW, make_fellow, make_user
from tests.progress.statements import counted
from tests.reading import words


@pytest.fixture
def preview(app: Flask, author: FlaskClient) -> Callable[[str], TestResponse]:
    """Open the preview of a quiz with a case of all kinds of items, and one more."""
    with app.app_context(), transaction():
        cases = [make_case(*ALL_KINDS), make_case(choice_item("last"))]
        version = make_assignment(make_fellow(), cases=cases).quiz_version_id
        quiz_id = db.session.get_one(models.QuizVersion, version).quiz_id
    return lambda query="": author.get(f"/quizzes/{quiz_id}/preview{query}")


def test_the_preview_shows_what_a_fellow_sees_and_no_key(preview) -> None:
    pages = [preview(), preview("?case=2")]

    text = words(pages[0]) + words(pages[1])
    for item in ALL_KINDS:
        assert item["lead_in"] in text
        assert all(option["text"] in text for option in item.get("options", ()))
    assert "Choose 2." in text
    assert "Case 1 of 2" in text
    for page in pages:
        assert SECRET not in page.text
        assert "naloxone" not in page.text
        assert "Best answer" not in page.text
        assert not re.search(r'class="[^"]*\bkey\b', page.text)
        assert "checked" not in page.text


def test_all_options_look_alike_in_the_preview(preview) -> None:
    rows = re.findall(r'<div class="opt">.*?</label>\s*</div>', preview().text, re.S)

    plain = {
        re.sub(r"next-step|safe-drugs|first|second|third|fourth|\d|[A-J]\b", "", row)
        for row in rows
    }
    assert len(rows) == 8
    assert len(plain) == 2, "one look for radio buttons, one for check boxes"


@pytest.mark.parametrize(
    ("query", "shown"), [("?case=0", 1), ("?case=-1", 1), ("?case=x", 1), ("?case=99", 2)]
)
def test_a_case_the_preview_does_not_have_is_the_nearest(preview, query: str, shown: int) -> None:
    assert f"Case {shown} of 2" in words(preview(query))


def test_the_preview_of_an_empty_quiz_says_so(author, quiz: str) -> None:
    assert "No items yet" in words(author.get(f"{quiz}/preview"))


def test_the_list_is_paged_and_a_page_too_far_is_the_last(app, author) -> None:
    with app.app_context(), transaction():
        owner = make_user(Role.FACULTY)
        for number in range(61):
            services.create_quiz(owner, title=f"Quiz {number:02}", now=NOW)

    last = author.get("/quizzes?page=3")

    assert "Page 3 of 3" in words(last)
    assert "Quiz 00" in last.text
    for number in (77, 10**30):
        assert "Page 3 of 3" in words(author.get(f"/quizzes?page={number}"))


def test_the_pages_take_as_many_statements_for_60_rows_as_for_one(app, author) -> None:
    counts = []
    for rows in (1, 60):
        with app.app_context(), transaction():
            cases = [make_case(choice_item("one"), choice_item("two")) for _ in range(rows)]
            given = make_assignment(make_fellow(), cases=cases)
            quiz_id = db.session.get_one(models.QuizVersion, given.quiz_version_id).quiz_id
            owner = db.session.scalars(db.select(Quiz.owner_id)).first()
            for _ in range(rows):
                db.session.add(Quiz(title="More", owner_id=owner, created_at=NOW))
        here = []
        for path in ("/quizzes", f"/quizzes/{quiz_id}", f"/quizzes/{quiz_id}/preview"):
            with counted(app) as statements:
                assert author.get(path).status_code == 200
            here.append(len(statements))
        counts.append(here)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
