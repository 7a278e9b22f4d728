"""What was refused is said in the words of who gave it."""

import pytest

from question_bank.items.numeric import NumericForFellow
from question_bank.items.ordering import OrderingForFellow
from question_bank.refused import LONGEST, as_typed

NUMBER = NumericForFellow(
    key="dose", type="numeric", lead_in="Which?", points=1, unit="mg", units=("mg", "g")
)
STEPS = OrderingForFellow(
    key="steps", type="ordering", lead_in="Which?", points=1, options=("Wash", "Drape", "Inject")
)


def test_a_unit_stands_behind_its_number_and_neither_flag_nor_confidence_is_said() -> None:
    fields = {"answer": ["1 2"], "unit": ["g"], "flag": ["1"], "confidence": ["sure"]}

    assert as_typed(NUMBER, fields, ()) == "1 2 g"


def test_steps_are_named_as_they_were_shown() -> None:
    fields = {"rank.0": ["1"], "rank.2": ["1"], "rank.9": ["2"]}

    assert as_typed(STEPS, fields, (2, 0, 1)) == "Inject: 1; Drape: 1; 9: 2"


def test_lines_stay_lines() -> None:
    assert as_typed(NUMBER, {"answer": ["+ SLR left\n- fever"]}, ()) == "+ SLR left\n- fever"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("1\0", "1\N{REPLACEMENT CHARACTER}", id="a NUL"),
        pytest.param("1\ud800", "1?", id="half a pair"),
        pytest.param("é" * LONGEST, "é" * (LONGEST // 2), id="too long, cut between signs"),
    ],
)
def test_what_no_database_takes_is_made_fit(typed: str, kept: str) -> None:
    assert as_typed(NUMBER, {"answer": [typed]}, ()) == kept
