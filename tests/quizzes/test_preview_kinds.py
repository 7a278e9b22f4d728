"""The preview of every type of item, and of a case that unfolds."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.db import db, transaction
from lms.quizzes.models import QuizVersion
from tests.attempts.factories import SECRET, make_assignment, make_case, store_case
from tests.attempts.kinds import EVERY_KIND, SECOND, THIRD, unfolding
from tests.factories import make_fellow
from tests.reading import words


@pytest.fixture
def preview(app: Flask, author: FlaskClient) -> Callable[[int], TestResponse]:
    """Open a case of the preview: 1 has all kinds of items, 2 unfolds."""
    with app.app_context(), transaction():
        cases = [make_case(*EVERY_KIND), store_case(unfolding())]
        version = make_assignment(make_fellow(), cases=cases).quiz_version_id
        quiz_id = db.session.get_one(QuizVersion, version).quiz_id
    return lambda case: author.get(f"/quizzes/{quiz_id}/preview?case={case}")


def test_every_type_is_shown_as_a_fellow_sees_it_without_key_reason_or_harm(preview) -> None:
    page = preview(1)

    text = words(page)
    assert [item["lead_in"] for item in EVERY_KIND if item["lead_in"] not in text] == []
    for shown in ("Nerves of the limbs", "Pregabalin", "Call for help", "More likely", "Order tea"):
        assert shown in text
    for secret in (
        SECRET,
        "Respiratory depression from an opioid with a benzodiazepine",
        "Magnesium",
        "panelists",
        "Best answer",
    ):
        assert secret not in page.text
    assert not re.search(r'class="[^"]*\b(key|chosen)\b', page.text)
    chosen = r'<(input|option)(?! value="" )[^>]* (checked|selected)'  # "" is no answer
    assert not re.search(chosen, page.text)


def test_a_case_that_unfolds_is_previewed_with_all_its_stages(preview) -> None:
    text = words(preview(2))

    for word in ("pelican", SECOND, THIRD):
        assert f"What is known then, {word}" in text
        assert f"Results {word}" in text
    assert SECRET not in text
