"""Numeric items as they are written, shown and explained."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.items.numeric import Number
from question_bank.items.units import alternatives, factor
from tests.question_bank.builders import WHY, number
from tests.question_bank.contract import earned, mistake_in, shown_besides_options

UNIT = st.sampled_from(
    ["mcg", "mg", "g", "mg/day", "mcg/h", "g/day", "min", "h", "days", "weeks", "mm", "m", "kg"]
)


@pytest.mark.parametrize(
    ("authored", "kept"),
    [(700, "700"), (0.1, "0.1"), ("0.10", "0.10"), ("1e-20", "1e-20"), (" 5 ", "5"), ("−5", "-5")],
)
def test_an_answer_is_kept_as_it_was_written(authored: object, kept: str) -> None:
    item = number(answer=authored)  # type: ignore[arg-type]

    assert item.answer == kept
    assert earned(item, {"value": kept}) == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"answer": "seven"}, "is not a number", id="no number"),
        pytest.param({"answer": float("nan")}, "is not a number", id="not a number at all"),
        pytest.param({"answer": "1,200"}, "is not a number", id="grouped"),
        pytest.param({"answer": True}, "valid string", id="a boolean"),
        pytest.param({"tolerance": {}}, "either", id="no tolerance"),
        pytest.param({"absolute": "1", "relative": "0.1"}, "either", id="two tolerances"),
        pytest.param({"absolute": "-1"}, "not negative", id="a negative tolerance"),
        pytest.param({"unit_required": True}, "needs a “unit”", id="a required unit, not named"),
        pytest.param({"mistakes": ("102",), "absolute": "2"}, "within", id="a right mistake"),
        pytest.param({"mistakes": ("1",) * 9}, "at most 8", id="nine mistakes"),
    ],
)
def test_a_flawed_item_is_refused(change: dict, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        number(**change)


MISTAKEN = number("100", absolute="20", unit="mg/day", mistakes=("60", "130"))


@pytest.mark.parametrize(
    ("value", "unit", "credit", "mistake"),
    [
        pytest.param("60", None, 0, "60 mg/day", id="the mistake"),
        pytest.param("0.06", "g/day", 0, "60 mg/day", id="in another unit"),
        pytest.param("79", None, 0, "60 mg/day", id="near the mistake"),
        pytest.param("150", None, 0, "130 mg/day", id="the other mistake’s bound"),
        pytest.param("151", None, 0, None, id="an unknown mistake"),
        pytest.param("115", None, 1, None, id="right, though near a mistake"),
        pytest.param("100", None, 1, None, id="the answer"),
    ],
)
def test_a_known_mistake_is_recognised_in_wrong_answers_only(
    value: str, unit: str | None, credit: int, mistake: str | None
) -> None:
    answer = MISTAKEN.parse_answer({"value": value, "unit": unit})
    found = mistake_in(MISTAKEN, answer)

    assert earned(MISTAKEN, {"value": value, "unit": unit}) == credit
    assert (found.text if found else None) == mistake


def test_a_blank_answer_and_one_without_its_unit_show_no_mistake() -> None:
    strict = number("100", unit="mg/day", unit_required=True, mistakes=("60",))

    assert mistake_in(strict, None) is None
    assert mistake_in(strict, Number("60")) is None
    assert mistake_in(strict, Number("60", "mg/day")) is not None


@pytest.mark.parametrize(
    ("item", "text"),
    [
        pytest.param(number("100"), "100", id="exact"),
        pytest.param(
            number("100", absolute="2", unit="mg"), "100 mg (98 to 102 accepted)", id="absolute"
        ),
        pytest.param(
            number("7.4", relative="0.1", unit="%"), "7.4% (6.66 to 8.14 accepted)", id="relative"
        ),
        pytest.param(
            number("0.5", absolute="0.5"), "0.5 (0 to 1 accepted)", id="from nothing to one"
        ),
    ],
)
def test_the_key_is_said_with_its_range(item, text: str) -> None:
    assert item.key_text == text
    assert item.review(None)[0].text == text


@pytest.mark.parametrize(
    ("answer", "required", "text"),
    [
        pytest.param(Number("60"), False, "60 mg/day", id="the item’s own unit"),
        pytest.param(Number("60"), True, "60", id="required and not named"),
        pytest.param(Number("0.06", "g/day"), False, "0.06 g/day", id="the unit given"),
    ],
)
def test_an_answer_is_said_with_its_unit(answer: Number, required: bool, text: str) -> None:
    item = number("100", unit="mg/day", unit_required=required)

    assert item.answer_text(answer) == text


def test_the_explanations_are_the_key_and_the_mistakes() -> None:
    found = MISTAKEN.review(None)

    assert [each.is_key for each in found] == [True, False, False]
    assert [each.text for each in found[1:]] == ["60 mg/day", "130 mg/day"]
    assert {each.why for each in found} == {WHY}


@given(st.integers(1000, 2000), st.integers(0, 99))
def test_what_the_fellow_sees_does_not_depend_on_the_answer(answer: int, span: int) -> None:
    plain = number("1", unit="mg/day")
    other = number(str(answer), absolute=str(span), unit="mg/day", mistakes=("7",))

    assert other.for_fellow() == plain.for_fellow()
    assert str(answer) not in shown_besides_options(other)
    assert WHY not in shown_besides_options(other)


def test_the_fellow_is_offered_every_unit_that_can_be_converted() -> None:
    for required in (True, False):
        shown = number("100", unit="mg", unit_required=required).for_fellow()

        assert (shown.unit, shown.units) == ("mg", ("mcg", "mg", "g"))
    assert number("100", unit="mmHg").for_fellow().units == ()
    assert number("100").for_fellow().units == ()


@given(UNIT, UNIT, UNIT)
def test_conversion_is_exact_and_goes_every_way(first: str, second: str, third: str) -> None:
    there, back = factor(first, second), factor(second, first)

    assert (there is None) is (back is None) is (second not in alternatives(first))
    if there is not None and back is not None:
        assert there * back == 1
        onward, whole = factor(second, third), factor(first, third)
        assert (onward is None and whole is None) or whole == there * onward


@pytest.mark.parametrize(
    ("unit", "to", "times"),
    [
        ("g", "mg", Fraction(1000)),
        ("mcg/h", "mg/day", Fraction(24, 1000)),
        ("mg/kg/h", "mcg/kg/day", Fraction(24_000)),
        ("mL/h", "L/day", Fraction(24, 1000)),
        ("weeks", "h", Fraction(168)),
        ("cm", "m", Fraction(1, 100)),
        ("mg", "mL", None),
        ("mg", "mg/kg", None),
        ("mL/min", "mL/h", None),
        ("drops", "drops", Fraction(1)),
        ("drops", "mL", None),
    ],
)
def test_units_convert_inside_their_dimension(unit: str, to: str, times: Fraction | None) -> None:
    assert factor(unit, to) == times
