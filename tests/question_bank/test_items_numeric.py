"""Numeric: a number within its tolerance, in a unit that can be converted."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import InvalidResponse
from question_bank.items.numeric import Number, Numeric
from tests.question_bank.builders import near_answers, number, rows
from tests.question_bank.contract import check_any_json, earned, round_trip

DOSE = number("700", absolute="10", unit="mg/day")
AMOUNT = st.decimals(-(10**9), 10**9, places=3)
SPAN = st.decimals(0, 10**6, places=3)


def said(amount: Decimal) -> str:
    """Return *amount* as a person would type it."""
    return format(amount, "f")


def typed(item: Numeric, value: str, unit: str | None = None) -> Fraction:
    """Return the credit for *value* in *unit*."""
    return earned(item, {"value": value, "unit": unit})


@pytest.mark.parametrize(
    ("value", "unit", "credit"),
    [
        pytest.param("700", "mg/day", 1, id="the answer"),
        pytest.param("700", None, 1, id="without a unit it is the item’s own"),
        pytest.param("690", None, 1, id="the lower bound"),
        pytest.param("710", None, 1, id="the upper bound"),
        pytest.param("689.999", None, 0, id="just below"),
        pytest.param("710.001", None, 0, id="just above"),
        pytest.param("-700", None, 0, id="the wrong sign"),
        pytest.param("0.7", "g/day", 1, id="in grams"),
        pytest.param("700000", "mcg/day", 1, id="in micrograms"),
        pytest.param("29", "mg/h", 1, id="an hour: 696 a day"),
        pytest.param("28", "mg/h", 0, id="an hour: 672 a day"),
        pytest.param("700", "g/day", 0, id="a thousand times too much"),
        pytest.param("0.7 g/day", None, 1, id="the unit typed behind the number"),
        pytest.param("0.7g/day", "", 1, id="without a space"),
        pytest.param("0.7 g/day", "g/day", 1, id="typed and chosen alike"),
        pytest.param("  700  ", " mg/day ", 1, id="spaces around it"),
        pytest.param("+7.0e2", None, 1, id="in powers of ten"),
        pytest.param("700.", None, 1, id="a point and no decimals"),
        pytest.param("", "mg/day", 0, id="a unit alone"),
        pytest.param("  ", None, 0, id="spaces alone"),
    ],
)
def test_what_is_within_the_tolerance_earns_all(value: str, unit: str | None, credit: int) -> None:
    assert typed(DOSE, value, unit) == credit


@pytest.mark.parametrize("raw", [None, {}, {"value": None}, {"value": ""}, {"value": " \t "}])
def test_a_blank_answer_is_none_and_earns_nothing(raw: object) -> None:
    assert number("0").parse_answer(raw) is None
    assert earned(number("0"), raw) == 0


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("1,200", "1200"), ("1,234,567.5", "1234567.5"), ("-1,000", "-1000"), (".5", "0.5"),
        ("−5", "-5"), ("−1,000.5", "-1000.5"), ("5e−1", "0.5"), ("-5", "−5"),
    ],
)  # fmt: skip
def test_thousands_may_be_grouped_and_a_minus_sign_may_be_a_typographic_one(
    value: str, right: str
) -> None:
    assert typed(number(right), value) == 1


@pytest.mark.parametrize(
    "value",
    [
        "twelve", "1.5.2", "1,20,1", "1,200,", "--5", "- 5", "e5", ".", "+",
        "nan", "inf", "1" * 16, "7" + " " * 60, "1 2", "12 apples", "12 mg", "12 mL/day", "12e",
        "0x10",
    ],
)  # fmt: skip
def test_what_is_not_one_number_in_a_fitting_unit_is_refused(value: str) -> None:
    with pytest.raises(InvalidResponse):
        DOSE.parse_answer({"value": value})


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"value": 700}, id="a bare number"),
        pytest.param({"value": True}, id="a boolean"),
        pytest.param({"value": ["700"]}, id="a list"),
        pytest.param({"value": "700", "unit": 1}, id="a number for a unit"),
        pytest.param({"value": "700", "unit": "mL"}, id="a unit of another dimension"),
        pytest.param({"value": "700", "right": True}, id="more than an answer"),
        pytest.param({"chosen": 0}, id="the answer of another type"),
        pytest.param("700", id="bare text"),
    ],
)
def test_what_the_item_does_not_take_is_refused(raw: object) -> None:
    with pytest.raises(InvalidResponse):
        DOSE.parse_answer(raw)


def test_a_wrong_unit_is_answered_with_the_units_that_fit() -> None:
    with pytest.raises(InvalidResponse, match="mcg/day or mg/day or g/day or mcg/h or mg/h"):
        DOSE.parse_answer({"value": "700", "unit": "mL"})
    with pytest.raises(InvalidResponse, match="without a unit"):
        number("4").parse_answer({"value": "4 points"})


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("four", "“four” has no digits. Give one number in digits"),
        ("1.5.2", "“1.5.2” has its points or commas where no number has them"),
        ("1,20,000", "“1,20,000” has its points or commas where no number has them"),
        ("5–10", "“5-10” is more than one number"),
        ("5 to 10", "“5 to 10” is more than one number"),
        ("1 200", "“1 200” is more than one number"),
        ("about 12", "“about 12” has “about” before its digits"),
        ("<5", "“<5” has “<” before its digits"),
        ("- 5", "“- 5” has a space before its digits"),
        ("9" * 16, "has more digits than a number here may"),
        ("5 points", "“points” is too much: give the number alone, without a unit"),
    ],
)
def test_the_sentence_names_what_is_wrong_with_a_number(value: str, sentence: str) -> None:
    with pytest.raises(InvalidResponse) as refused:
        number("4").read_answer({"value": value})

    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("7,2", "7.2"), ("-7,25", "-7.25"), (",5", "0.5"), ("0,125", "0.125"), ("1,2000", "1.2"),
        ("12,5", "12.5"), ("1.234,5", "1234.5"), ("1.234.567", "1234567"), ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"), ("\u20127,2", "-7.2"), ("–7", "-7"), ("—7", "-7"), ("－7", "-7"),
    ],
)  # fmt: skip
def test_a_comma_is_read_as_keyboards_of_other_regions_mean_it(value: str, right: str) -> None:
    item = number(right)

    assert item.credit_for(item.read_answer({"value": value})) == 1


@pytest.mark.parametrize(
    ("value", "one", "other"),
    [
        ("1,200", "1200", "1.200"),
        ("−12,500 mg", "-12500", "-12.500"),
        ("999,999", "999999", "999.999"),
    ],
)
def test_a_number_that_can_be_read_two_ways_is_asked_back(value: str, one: str, other: str) -> None:
    with pytest.raises(InvalidResponse, match=f"can be read as {one} or as {other}"):
        number("1200", unit="mg").read_answer({"value": value})


def test_what_is_answered_to_the_question_is_taken() -> None:
    item = number("1.2")

    for value in ("1.200", "1,2000"):
        assert item.credit_for(item.read_answer({"value": value})) == 1


@given(st.decimals(-(10**6), 10**6, places=3), st.sampled_from([".", ","]))
def test_a_number_that_was_typed_is_read_as_its_digits_or_asked_back(
    amount: Decimal, separator: str
) -> None:
    """Never as a thousand times more or less."""
    written = said(amount).replace(".", separator)
    if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", written):
        with pytest.raises(InvalidResponse, match="can be read as"):
            number("1").read_answer({"value": written})
    else:
        answer = number("1").read_answer({"value": written})

        assert answer is not None
        assert answer.value == Fraction(amount)


@given(st.from_regex(r"\A[+\-−–]?[\d.,]{1,9}(e\d)?( ?m?g/day)?\Z"))
def test_what_was_stored_is_read_as_it_always_was(value: str) -> None:
    """A comma between thousands was asked back by nobody then, and those answers stand."""
    try:
        stored = DOSE.parse_answer({"value": value})
    except InvalidResponse:
        return

    plain = value.replace("−", "-").replace("–", "-").split("m")[0].split("g")[0]
    assert stored is not None
    assert stored.value == Fraction(Decimal(plain.replace(",", "").strip()))


UNITS_TYPED = [
    ("mg/day", "mg/d"), ("mg/day", "MG per day"), ("mg/day", "mg / 24 h"), ("mg/day", "mg daily"),
    ("mg/h", "mg/hr"), ("mcg/h", "µg/h"), ("mcg/h", "μg/hour"), ("mcg/h", "ug/hr."),
    ("mcg/h", "MCG PER HR"), ("mL", "ml"), ("mL", "ML"), ("mL", "cc"), ("g", "G"), ("g", "grams"),
    ("mcg", "mcg"), ("mcg", "µg"), ("weeks", "wk"), ("weeks", "wks"), ("weeks", "week"),
    ("days", "d"), ("h", "hr"), ("min", "mins"), ("mL/min", "ml/min"), ("mmHg", "mm Hg"),
    ("mg/kg/day", "mg/kg/d"), ("%", "percent"), ("L", "l"),
    ("mg/day", "mg/24 hours"), ("mg/day", "mg per 24 hrs"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "typed_unit"), UNITS_TYPED)
def test_a_unit_is_known_however_it_is_written(unit: str, typed_unit: str) -> None:
    item = number("1.5", unit=unit, unit_required=True)

    for raw in ({"value": f"1.5 {typed_unit}"}, {"value": "1.5", "unit": typed_unit}):
        assert item.read_answer(raw) == Number("1.5", unit)


def test_two_units_that_differ_are_refused_and_not_guessed_at() -> None:
    with pytest.raises(InvalidResponse, match="either mg/day or g/day"):
        DOSE.parse_answer({"value": "0.7 g/day", "unit": "mg/day"})


def test_a_required_unit_has_to_be_named() -> None:
    item = number("700", unit="mg/day", unit_required=True)

    assert typed(item, "700") == 0
    assert typed(item, "700 mg/day") == typed(item, "0.7", "g/day") == 1


def test_a_unit_without_alternatives_is_taken_as_it_is() -> None:
    item = number("12", unit="drops")

    assert typed(item, "12", "drops") == typed(item, "12") == 1
    with pytest.raises(InvalidResponse, match="Give it in drops"):
        item.parse_answer({"value": "12", "unit": "mL"})


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["case"]) for row in rows("numeric_tolerance.csv")]
)
def test_the_tolerance_is_that_of_moodle(row: dict[str, str]) -> None:
    kind = {"nominal": "absolute", "relative": "relative"}[row["tolerance_type"]]
    item = number(row["answer"], **{kind: row["tolerance"] or "0"})

    assert typed(item, row["response"]) == (row["accepted"] == "yes")


@given(near_answers("value", st.from_regex(r"\A[+-]?[\d,]{1,9}(\.\d*)?(e\d)?( ?m?g/day)?\Z")))
def test_any_json_is_an_answer_or_is_refused(raw: object) -> None:
    check_any_json(DOSE, raw)


@given(AMOUNT, st.sampled_from([None, "mg/day", "g/day", "mcg/h"]))
def test_an_answer_is_read_back_as_it_was_stored(amount: Decimal, unit: str | None) -> None:
    raw = {"value": said(amount), "unit": unit}

    assert DOSE.parse_answer(raw) == Number(said(amount), None if unit == DOSE.unit else unit)
    assert round_trip(DOSE, raw)


@given(AMOUNT, SPAN)
def test_the_bounds_are_right_and_a_thousandth_beyond_is_not(
    answer: Decimal, span: Decimal
) -> None:
    item = number(said(answer), absolute=said(span))
    step = Decimal("0.001")

    assert typed(item, said(answer)) == 1
    assert typed(item, said(answer - span)) == typed(item, said(answer + span)) == 1
    assert typed(item, said(answer - span - step)) == 0
    assert typed(item, said(answer + span + step)) == 0


@given(AMOUNT, SPAN, SPAN, SPAN)
def test_a_nearer_number_or_a_wider_tolerance_never_earns_less(
    answer: Decimal, span: Decimal, one: Decimal, other: Decimal
) -> None:
    near, far = sorted((one, other))
    item = number(said(answer), absolute=said(span))
    wider = number(said(answer), absolute=said(span + one))

    assert typed(item, said(answer + near)) >= typed(item, said(answer + far))
    assert typed(wider, said(answer + other)) >= typed(item, said(answer + other))


@given(AMOUNT, SPAN, AMOUNT)
def test_left_and_right_of_zero_are_graded_alike(
    answer: Decimal, span: Decimal, value: Decimal
) -> None:
    item = number(said(answer), relative=said(span))
    mirrored = number(said(-answer), relative=said(span))

    assert typed(item, said(value)) == typed(mirrored, said(-value))


@given(st.integers(0, 10**6), st.integers(-20, 20))
def test_the_unit_an_answer_is_given_in_does_not_count(milligrams: int, off: int) -> None:
    item = number(str(milligrams), absolute="10", unit="mg/day")
    grams = Decimal(milligrams + off) / 1000

    assert typed(item, said(grams), "g/day") == (abs(off) <= 10)
    assert typed(item, said(grams * 10**6), "mcg/day") == (abs(off) <= 10)


@given(st.integers(0, 10**15 - 1))
def test_grouping_thousands_does_not_change_a_number(whole: int) -> None:
    assert typed(number(str(whole)), f"{whole:,}") == 1
