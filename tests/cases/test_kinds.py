"""The bank's page of a case with every type of item, and of one that unfolds."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import Role
from lms.cases.verdicts import result_of_item
from lms.core.db import transaction
from question_bank.case import parse_case
from question_bank.items import credit
from question_bank.items.choices import Choice, Choices
from question_bank.items.key_feature import Entries
from tests.attempts.factories import case_body
from tests.attempts.kinds import (
    EVERY_KIND,
    SECOND,
    THIRD,
    menu_item,
    panel_item,
    reasons_in,
    unfolding,
    write_in_item,
)
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
        "Unsafe Stops the breathing.",
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

    found = result_of_item(1, item, answer, credit(item, answer), order=range(6))

    assert (found.kind, found.title, found.text) == ("good", title, "")


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

    found = result_of_item(1, item, answer, credit(item, answer), order=range(3))

    assert (found.kind, found.title) == ("good", title)


@pytest.mark.parametrize(("point", "part"), [(1, "0.04 of 1"), (2, "0.96 of 1")])
def test_part_of_the_credit_is_neither_none_nor_all_of_it(point: int, part: str) -> None:
    counted = panel_item() | {"panel": {"counts": [0, 1, 24, 25, 0]}}
    item = parse_case(case_body(counted, slug="a-panel")).questions[0]
    answer = Choice(point)

    found = result_of_item(1, item, answer, credit(item, answer), order=range(5))

    assert found.text.startswith(f"Part of the credit: {part}.")


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

    found = result_of_item(1, item, answer, credit(item, answer), order=range(5))

    assert found.title == title
