"""What an answer rests on: reasons, reviews, facts and tags."""

from datetime import date

import pytest

from question_bank.rules.sources import months_after
from tests.question_bank.lint.drafts import (
    TODAY,
    WHY,
    broken,
    case,
    check,
    facts,
    places,
    single,
    unparsed,
)


def with_reason(why: str):
    item = single()
    item["options"][1]["why"] = f"{why} {WHY}"
    return case(item)


@pytest.mark.parametrize(
    "why",
    [
        "As described above, it is wrong.",
        "See below.",
        "The former option is better.",
        "It is wrong for the above-mentioned reason.",
        "Options 1 and 2 are better.",
    ],
)
def test_l25_a_reason_that_points_at_a_place_is_found(why: str) -> None:
    assert places(with_reason(why), "L25") == ["items[0].options[1].why"]


@pytest.mark.parametrize(
    "why",
    [
        "Pain above the knee and below 50 mg a day is another matter.",
        "It is the first choice of drug in a child.",
        "An answer a person gives at the desk is a screen.",
        "She can try this and keep the other choice.",
        "Surgery is an option for adults.",
    ],
)
def test_l25_places_on_the_body_and_choices_of_people_are_fair(why: str) -> None:
    assert "L25" not in broken(with_reason(why))


def test_l25_a_short_reason_is_found() -> None:
    short, *others = case().items[0].options
    options = (short.model_copy(update={"why": "It is wrong."}), *others)

    assert places(unparsed(options=options), "L25") == ["items[0].options[0].why"]


@pytest.mark.parametrize(
    ("reviewed_on", "review_by", "field"),
    [
        pytest.param("2024-11-26", "2028-01-01", "reviewed_on", id="24 months and a day ago"),
        pytest.param("2026-11-28", "2028-01-01", "reviewed_on", id="tomorrow"),
        pytest.param("2026-01-01", "2026-11-26", "review_by", id="due yesterday"),
    ],
)
def test_l26_a_review_that_does_not_hold_is_found(
    reviewed_on: str, review_by: str, field: str
) -> None:
    assert places(case(reviewed_on=reviewed_on, review_by=review_by), "L26") == [field]


@pytest.mark.parametrize(
    ("reviewed_on", "review_by"),
    [("2024-11-27", "2028-01-01"), ("2026-11-27", "2028-01-01"), ("2026-01-01", "2026-11-27")],
)
def test_l26_the_last_day_still_counts(reviewed_on: str, review_by: str) -> None:
    assert "L26" not in broken(case(reviewed_on=reviewed_on, review_by=review_by))


def test_l26_the_same_case_grows_old() -> None:
    one = case()

    assert broken(one, today=TODAY) == set()
    assert broken(one, today=date(2029, 1, 1)) == {"L26"}


def test_l26_a_fact_that_nobody_knows_is_found() -> None:
    assert places(case(facts=["R01", "R999"]), "L26") == ["facts[1]"]


def test_l26_facts_are_not_looked_up_without_a_list() -> None:
    assert "L26" not in broken(case(facts=["R999"]), known={"R999": "solid"})


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        pytest.param(["P53"], ["E"], id="nothing but a fact to check"),
        pytest.param(["P53", "P87"], ["E", "E"], id="two of them"),
        pytest.param(["P52", "P53"], ["I"], id="beside a solid one"),
        pytest.param(["P52"], [], id="solid"),
    ],
)
def test_l26_a_key_does_not_rest_on_a_fact_to_check(given: list[str], levels: list[str]) -> None:
    found = [each for each in check(case(facts=given)) if each.rule == "L26"]

    assert [each.level for each in found] == levels


def test_the_list_of_facts_has_every_id_with_its_status() -> None:
    assert len(facts()) > 200
    assert set(facts().values()) == {"solid", "check"}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"topic": "rehab-astrology"}, ["topic"]),
        ({"level": "wisdom"}, ["level"]),
        ({"focus": ["focus-treatment", "focus-luck"]}, ["focus"]),
        ({"population": ["pop-older-adult"], "setting": "setting-clinic"}, []),
    ],
)
def test_l27_tags_outside_the_blueprint_are_found(more: dict, fields: list[str]) -> None:
    assert places(case(**more), "L27") == fields


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 11, 27), 24, date(2026, 11, 27)),
        (date(9999, 1, 1), 24, date.max),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then
