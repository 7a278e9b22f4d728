"""Rules of the bank as a whole, and the coverage of the blueprint."""

from fractions import Fraction
from math import isclose

import pytest

from question_bank.coverage import level_shares, topic_coverage, track_coverage, value_coverage
from question_bank.lint import check_bank
from question_bank.rules.bank import at_least, chi_square_tail
from tests.question_bank.lint.drafts import VIGNETTE, blueprint, case, concordance, single

STORIES = (
    "A baker with a sore wrist wants to knead bread before the summer fair begins in town.",
    "Two sailors carried a mast across the harbor, and since then his back is stiff at dawn.",
    "After the flood the librarian slept in a chair, which her neck has not yet forgiven.",
)


def some(count: int, **item):
    """Return so many cases that differ in all but their options."""
    return [
        case(single(**item), slug=f"case-{n}", vignette=f"{n} {STORIES[n % 3]} {n} {n + 1} {n + 2}")
        for n in range(count)
    ]


def rules_of(cases) -> set[str]:
    return {each.rule for each in check_bank(cases, blueprint()) if each.rule[0] == "L"}


def test_l08_keys_that_are_too_often_the_longest_are_found() -> None:
    texts = ("A long walk now", "Rest", "Lift", "Swim")
    long = [case(single(*texts, right=0), slug=f"long-{n}") for n in range(6)]
    short = [case(single(*texts, right=1 + n % 3), slug=f"short-{n}") for n in range(6)]

    assert "L08" in rules_of(long)
    assert "L08" not in rules_of(short)
    assert "L08" not in rules_of(long[:2] + short)


def test_l08_numbers_have_no_length_to_speak_of() -> None:
    items = [single("40 mg", "80 mg", "1,200 mg", right=2) for _ in range(9)]

    assert "L08" not in rules_of([case(each, slug=f"n-{n}") for n, each in enumerate(items)])


def test_l31_keys_that_stand_in_one_place_are_found() -> None:
    texts = ("Rest", "Walk", "Lift", "Swim")
    one_place = [case(single(*texts, right=0), slug=f"a-{n}") for n in range(12)]
    every_place = [case(single(*texts, right=n % 4), slug=f"b-{n}") for n in range(12)]

    assert "L31" in rules_of(one_place)
    assert "L31" not in rules_of(every_place)


def test_l32_two_cases_that_tell_the_same_are_found_once() -> None:
    one, other = case(slug="one"), case(slug="other", vignette=f"{VIGNETTE} She sleeps well.")

    found = [each for each in check_bank([one, other], blueprint()) if each.rule == "L32"]

    assert [each.case for each in found] == ["other"]
    assert "“one”" in found[0].message


def test_l32_different_stories_are_fair() -> None:
    cases = [case(slug=f"s-{n}", vignette=story * 2) for n, story in enumerate(STORIES)]

    assert "L32" not in rules_of(cases)


def test_l32_may_be_waived_by_either_of_the_two() -> None:
    waiver = {"rule": "L32", "why": "The second visit of one person."}
    one, other = case(slug="one", waivers=[waiver]), case(slug="other")

    assert rules_of([one, other]) == set()
    assert [each.field for each in check_bank([one], blueprint()) if each.rule == "L32"] == [
        "waivers[0]"
    ]


def test_coverage_is_part_of_what_is_said_of_a_bank() -> None:
    found = {each.rule for each in check_bank([case()], blueprint())}

    assert {"C01", "C02"} <= found


def test_c02_a_floor_is_asked_of_each_track_in_a_sentence_of_its_own() -> None:
    in_the_suite = [case(slug=f"s-{n}", setting="setting-procedure-suite") for n in range(3)]
    of_one_track = [each.model_copy(update={"tracks": ("ipm",)}) for each in in_the_suite]
    elsewhere = [case(slug=f"e-{n}", setting="setting-clinic") for n in range(3)]

    def short(cases) -> list[str]:
        found = [each for each in check_bank(cases, blueprint()) if each.rule == "C02"]
        assert {each.level for each in found} == {"W"}
        return [each.message for each in found if "setting-procedure-suite" in each.message]

    said = "setting-procedure-suite is carried by 0 % of cases, its floor is 15 %"
    assert short([*in_the_suite, *elsewhere]) == []
    assert short([*of_one_track, *elsewhere]) == [f"fm: {said}"]
    assert short(elsewhere) == [f"ipm: {said}", f"fm: {said}"]


def test_c01_a_topic_that_cannot_fill_a_form_asks_for_a_case() -> None:
    found = [each for each in check_bank(some(1), blueprint()) if each.rule == "C01"]

    assert {each.level for each in found} == {"W"}
    assert all(each.message.startswith(("ipm: ", "fm: ")) for each in found)


def test_an_empty_bank_is_all_gaps() -> None:
    assert rules_of([]) == set()
    assert {each.gap > 0 for each in topic_coverage([], blueprint(), "ipm", 40) if each.wanted} == {
        True
    }


@pytest.mark.parametrize("track", ["ipm", "fm"])
def test_a_form_wants_forty_items(track: str) -> None:
    rows = topic_coverage([], blueprint(), track, 40)

    assert sum(row.wanted for row in rows) == 40
    assert sum(row.weight for row in rows) == 100


def test_items_count_for_their_topic_and_tracks_if_they_can_be_scored() -> None:
    one = case(single(), concordance(), tracks=["ipm"])

    ipm, fm = track_coverage([one], blueprint())
    items = {row.topic: row.items for row in ipm.topics}

    assert (ipm.track, fm.track) == ("ipm", "fm")
    assert items["rehab-spine"] == sum(items.values()) == 1
    assert sum(row.items for row in fm.topics) == 0


def test_a_gap_is_what_the_bank_lacks() -> None:
    (row,) = (
        each
        for each in topic_coverage(some(1), blueprint(), "fm", 100)
        if each.topic == "rehab-spine"
    )

    assert (row.items, row.wanted, row.gap) == (1, row.weight, row.weight - 1)


def test_shares_are_percent() -> None:
    cases = [case(), case(level="recall", setting="setting-clinic")]

    levels = {row.level: row.share for row in level_shares(cases, blueprint(), "ipm")}
    values = {row.value: row for row in value_coverage(cases, blueprint())}

    assert levels == {"recall": 50, "application": 50, "judgement": 0}
    assert values["setting-clinic"].share == Fraction(50)
    assert values["setting-clinic"].floor == 45


def test_the_tail_of_chi_square_is_that_of_the_tables() -> None:
    assert isclose(chi_square_tail(6.635, 1), 0.01, rel_tol=1e-3)
    assert isclose(chi_square_tail(9.210, 2), 0.01, rel_tol=1e-3)
    assert isclose(chi_square_tail(11.345, 3), 0.01, rel_tol=1e-3)
    assert isclose(chi_square_tail(13.277, 4), 0.01, rel_tol=1e-3)
    assert isclose(chi_square_tail(15.086, 5), 0.01, rel_tol=1e-3)


def test_the_chance_of_many_successes_is_binomial_where_chances_are_equal() -> None:
    assert isclose(at_least(3, [0.25] * 3), 0.25**3)
    assert isclose(at_least(0, [0.25, 0.2]), 1)
    assert isclose(at_least(1, [0.25, 0.2]), 1 - 0.75 * 0.8)
