"""What fellows type, with the keyboards that they have, as it is read and kept."""

import re
from fractions import Fraction

import pytest
from flask import Flask

from lms.attempts.models import Response
from lms.core.db import db, transaction
from tests.attempts.factories import case_body, number_item, words_item
from tests.attempts.sitting import SignIn, Sitting, sitting_at
from tests.taking.pages import fields_of

REQUIRED = {"answer": "7.2", "tolerance": {"absolute": "0"}, "unit": "mg", "unit_required": True}


@pytest.fixture
def dose(app: Flask, signed_in: SignIn) -> Sitting:
    """An attempt at two numbers: 100 mg/day, and 7.2 mg where the unit has to be named."""
    items = (number_item(), number_item("bolus") | REQUIRED)
    return sitting_at(app, signed_in, case_body(*items, slug="typed"))


def stored_number(sitting: Sitting, position: int) -> Fraction | None:
    answer = sitting.answer(position)
    return None if answer is None else Fraction(answer["value"].replace(",", ""))


def test_a_comma_that_only_a_decimal_can_be_is_taken(dose: Sitting) -> None:
    page = dose.save(2, answer="7,2", unit="mg")

    assert page.status_code == 200
    assert stored_number(dose, 2) == Fraction("7.2")


def test_a_comma_that_can_be_read_two_ways_is_asked_back(dose: Sitting) -> None:
    page = dose.save(1, answer="1,200")

    assert page.status_code == 422
    assert "“1,200” can be read as 1200 or as 1.200." in page.get_json()["error"]
    assert dose.answer(1) is None


def test_an_answer_of_before_with_a_comma_between_thousands_counts_as_it_did(
    app: Flask, signed_in: SignIn
) -> None:
    large = number_item() | {"answer": "1200"}
    sitting = sitting_at(app, signed_in, case_body(large, slug="thousands"))
    with app.app_context(), transaction():
        row = db.update(Response).where(Response.attempt_id == sitting.id)
        db.session.execute(row.values(answer={"value": "1,200", "unit": "mg/day"}, revision=1))

    result = sitting.result()

    assert sitting.credit_at(1) == 1
    assert "You wrote 1,200 mg/day" in result.text


@pytest.mark.parametrize(
    ("written", "unit"),
    [("7.2 MG", "mg"), ("7200 µg", "mcg"), ("7200 ug", "mcg"), ("0.0072 G", "g")],
)
def test_a_unit_is_taken_as_people_write_it(dose: Sitting, written: str, unit: str) -> None:
    page = dose.save(2, answer=written)

    assert page.status_code == 200
    assert dose.answer(2)["unit"] == unit


@pytest.mark.parametrize("dash", "‐‑‒–—―−﹣－")
def test_every_dash_is_a_minus(dose: Sitting, dash: str) -> None:
    page = dose.save(1, answer=f"{dash}12.5")

    assert page.status_code == 200
    assert stored_number(dose, 1) == Fraction("-12.5")


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("twelve", "“twelve” has no digits"),
        ("5 to 10", "“5 to 10” is more than one number"),
        ("<5", "“<5” has “<” before its digits"),
        ("5 drops", "“drops” is no unit of this answer"),
    ],
)
def test_the_sentence_names_what_is_wrong(dose: Sitting, written: str, wrong: str) -> None:
    page = dose.save(1, answer=written)

    assert page.status_code == 422
    assert wrong in page.get_json()["error"]


def test_units_are_offered_beside_a_number_and_its_own_stands_unless_another_is_chosen(
    dose: Sitting,
) -> None:
    page = dose.case()
    choices = re.findall(r'<select [^>]*name="unit-(\d)">(.*?)</select>', page, re.DOTALL)
    offered = {
        position: re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', options)
        for position, options in choices
    }

    assert ("", " selected", "mg/day") in offered.get("1", [])
    assert ("g/day", "", "g/day") in offered.get("1", [])
    assert offered["2"][0][::2] == ("", "Choose a unit")


def test_a_page_that_stands_as_it_was_opened_saves_nothing(dose: Sitting) -> None:
    """The unit that is understood is no answer, nor a change of one."""
    dose.save(1, answer="100 mg/day")
    was = {name.replace("-", "_"): value for name, value in fields_of(dose.case()).items()}
    dose.save(1, seq=2, answer="90")

    held = {"answer_1": "100", "unit_1": "", "answer_2": "", "unit_2": ""}
    dose.fellow.post(f"{dose.url}/cases/1", go="stay", **held, **was)

    assert stored_number(dose, 1) == 90
    assert dose.row(2).revision == 0


def test_an_accent_that_is_left_out_does_not_count(app: Flask, signed_in: SignIn) -> None:
    item = words_item() | {"accept": ["Guillain-Barré*"]}
    sitting = sitting_at(app, signed_in, case_body(item, slug="accents"))
    sitting.save(1, answer="guillain–barre syndrome")
    sitting.result()

    assert sitting.credit_at(1) == 1
