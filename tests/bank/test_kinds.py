"""The bank's page of a case with every type of item, and of one that unfolds."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.db import transaction
from lms.people.models import Role
from tests.attempts.kinds import EVERY_KIND, SECOND, THIRD, reasons_in, unfolding
from tests.cases.texts import case_file, load
from tests.factories import make_user
from tests.reading import words


@pytest.fixture
def faculty(app: Flask, signed_in) -> FlaskClient:
    with app.app_context():
        load(
            case_file("every-kind", *EVERY_KIND),
            ("unfolds.yaml", json.dumps(unfolding())),
        )
        with transaction():
            user = make_user(Role.FACULTY)
    return signed_in(user)


def test_every_type_is_shown_with_its_key_and_every_reason(faculty) -> None:
    page = faculty.get("/bank/every-kind")

    text = words(page)
    reasons = [" ".join(each.split()) for item in EVERY_KIND for each in reasons_in(item)]
    assert [each for each in reasons if each not in text] == []
    for said in (
        "Best answer: 1. Sciatic; 2. Sciatic",
        "Best answer: Ziconotide: N-type; Pregabalin: Alpha2delta; Lidocaine: Sodium",
        "Best answer: 1. Stop the pump; 2. Call for help",
        "Most frequent in the panel: +1 More likely",
        "Chosen by 6 of 10 panelists.",
        "Best answer: Order oxygen; Order naloxone",
        "Unsafe Respiratory depression from an opioid with a benzodiazepine.",
        "Best answer: The middle of the knee",
    ):
        assert said in text
    assert text.count("Formative only") == 1
    assert re.findall(r'class="area([^"]*)"', page.text) == ["", " key", ""]


def test_all_stages_of_a_case_stand_on_its_page_in_their_order(faculty) -> None:
    text = words(faculty.get("/bank/unfolds"))

    places = [text.index(f"What is known then, {word}") for word in ("pelican", SECOND, THIRD)]
    assert places == sorted(places)
    assert [text.index(f"Item {n} ") for n in range(1, 6)] == sorted(
        text.index(f"Item {n} ") for n in range(1, 6)
    )
