"""Lists of options: the key does not stand out, and what is compared can be."""

import pytest

from question_bank.case import Case
from question_bank.items.base import Option
from tests.question_bank.lint.drafts import (
    WHY,
    broken,
    case,
    menu,
    places,
    several,
    single,
    unparsed,
)


def with_options(**texts_by_key: bool) -> Case:
    """Return a case whose options were never parsed, since parsing refuses the flaw."""
    return unparsed(
        options=tuple(
            Option.model_construct(text=text.replace("_", " "), key=key, why=WHY, harm=None)
            for text, key in texts_by_key.items()
        )
    )


def test_a_sound_case_has_no_findings() -> None:
    assert broken(case()) == set()


@pytest.mark.parametrize(
    ("options", "broken_rule"),
    [
        pytest.param({"Graded_walking": True, "Splint": True, "Rest": False}, True, id="two keys"),
        pytest.param({"Splint": False, "Rest": False, "Pill": False}, True, id="no key"),
        pytest.param({"Graded_walking": True, "Rest": False}, True, id="two options"),
        pytest.param({"Graded_walking": True, "Splint": False, "Rest": False}, False, id="sound"),
    ],
)
def test_l01_there_is_one_key_among_three_to_five(
    options: dict[str, bool], broken_rule: bool
) -> None:
    assert ("L01" in broken(with_options(**options))) == broken_rule


@pytest.mark.parametrize("text", ["Any of the above", "Neither A nor B", "More than one of these"])
def test_l02_an_option_about_other_options_is_found(text: str) -> None:
    assert places(case(single("Rest", "Walk", "Lift", text)), "L02") == ["items[0].options[3].text"]


@pytest.mark.parametrize(
    "text", ["Both of his knees", "All four limbs", "None today", "The option a surgeon prefers"]
)
def test_l02_words_that_only_resemble_it_are_fair(text: str) -> None:
    assert "L02" not in broken(case(single("Rest", "Walk", "Lift", text)))


def test_l07_a_conspicuously_long_key_is_found() -> None:
    key = "Graded walking under supervision, raised by a plan that both agree on"

    assert "L07" in broken(case(single(key, "Night splint", "Nerve study", "Heel raise")))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("100 mg", "50 mg", "25 mg"), id="a few characters"),
        pytest.param(("Graded walking", "Night splinting", "Nerve study"), id="not the longest"),
    ],
)
def test_l07_small_differences_in_length_are_fair(texts: tuple[str, ...]) -> None:
    assert "L07" not in broken(case(single(*texts)))


def test_l07_says_nothing_of_items_with_several_keys() -> None:
    long = "Graded walking under supervision, raised by a plan that both agree on"

    assert "L07" not in broken(case(several(long, "Splint", "Study", "Raise")))


def test_l13_options_that_converge_on_the_key_are_found() -> None:
    texts = (
        "Morphine tablets with rescue doses",
        "Morphine tablets without reserve",
        "Fentanyl patch with rescue doses",
        "Codeine syrup at night",
    )

    assert "L13" in broken(case(single(*texts)))


def test_l13_two_pairs_that_share_as_much_are_fair() -> None:
    texts = (
        "Morphine tablets with rescue doses",
        "Morphine tablets without reserve",
        "Fentanyl patch with rescue doses",
        "Fentanyl patch without reserve",
    )

    assert "L13" not in broken(case(single(*texts)))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("40 mg", "80 mg", "As before"), id="numbers and words"),
        pytest.param(
            ("Rest", "Walk", "A program of graded walking with a therapist at the pool", "Lift"),
            id="very unequal lengths",
        ),
    ],
)
def test_l14_options_of_several_kinds_are_found(texts: tuple[str, ...]) -> None:
    assert "L14" in broken(case(single(*texts)))


@pytest.mark.parametrize(
    "texts", [("L4", "L5", "Femoral nerve"), ("Walk 10 minutes", "Walk at will", "Rest in bed")]
)
def test_l14_short_options_and_numbers_inside_words_are_fair(texts: tuple[str, ...]) -> None:
    assert "L14" not in broken(case(single(*texts)))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("80 mg", "40 mg", "120 mg"), id="descending"),
        pytest.param(("40 mg", "80 mcg", "120 mg"), id="two units"),
        pytest.param(("10 to 20 %", "20 to 30 %", "25 to 40 %"), id="overlapping ranges"),
        pytest.param(("1,200 mg", "800 mg", "1,600 mg"), id="thousands"),
    ],
)
def test_l15_numbers_out_of_order_are_found(texts: tuple[str, ...]) -> None:
    assert "L15" in broken(case(single(*texts, lead_in="Which daily dose is the most fitting?")))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("40 mg", "80 mg", "120 mg"), id="ascending"),
        pytest.param(("0.5 mg", "1 mg", "2 mg"), id="no zero after the point"),
        pytest.param(("10 to 19 %", "20 to 29 %", "30 to 39 %"), id="ranges apart"),
        pytest.param(("Ibuprofen 400 mg", "Codeine 30 mg", "Aspirin 75 mg"), id="drugs and doses"),
    ],
)
def test_l15_numbers_in_order_are_fair(texts: tuple[str, ...]) -> None:
    assert "L15" not in broken(
        case(single(*texts, lead_in="Which daily dose is the most fitting?"))
    )


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("Walk slowly", "Slowly walk", "Rest"), id="the same words"),
        pytest.param(("Ibuprofen", "Ibuprofen with omeprazole", "Rest"), id="contained"),
        pytest.param(
            (
                "Walk to the market and back in the cool of each early morning for six weeks",
                "Walk to the market and back in the cool of each very early morning for six weeks",
                "Rest",
            ),
            id="nearly the same",
        ),
    ],
)
def test_l16_options_that_say_the_same_are_found(texts: tuple[str, ...]) -> None:
    assert "L16" in broken(case(single(*texts)))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("Walk to the left side now", "Walk to the right side now"), id="one word"),
        pytest.param(
            ("Raise the dose by 10 % each week", "Raise the dose by 50 % each week"), id="a number"
        ),
        pytest.param(("Start bed rest", "Rest in the day"), id="shared words"),
    ],
)
def test_l16_options_that_differ_in_the_decision_are_fair(texts: tuple[str, ...]) -> None:
    assert "L16" not in broken(case(single(*texts, "Swim")))


def test_l17_a_shared_opening_is_noted() -> None:
    texts = ("Give her oral morphine", "Give her oral codeine", "Give her oral ketamine")

    assert "L17" in broken(case(single(*texts)))


def test_l17_two_shared_words_are_fair() -> None:
    texts = ("Give oral morphine", "Give oral codeine", "Give oral ketamine")

    assert "L17" not in broken(case(single(*texts)))


def test_l18_a_double_option_among_plain_ones_is_found() -> None:
    texts = ("Stop the morphine and start fentanyl", "Raise the morphine", "Keep the morphine")

    assert "L18" in broken(case(single(*texts)))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(
            ("Stop morphine, then add fentanyl", "Ask for help, then await", "Cut it, then wait"),
            id="all are double",
        ),
        pytest.param(
            ("Stop running, then resume at half the load", "Keep running", "Cut the distance"),
            id="an interruption",
        ),
        pytest.param(("Start heat and massage", "Start a splint", "Start rest"), id="two things"),
    ],
)
def test_l18_options_that_are_all_double_or_join_things_are_fair(texts: tuple[str, ...]) -> None:
    assert "L18" not in broken(case(single(*texts)))


def test_l18_says_nothing_of_menus() -> None:
    texts = ("Stop morphine and start fentanyl", "Scan", "Rest", "Walk", "Lift", "Swim")

    assert "L18" not in broken(case(menu(*texts)))
