"""When an edition of an item ends, and when it goes on."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import Case
from question_bank.earlier_words import SAME_LEAD_INS
from question_bank.editions import asks_another, edition_of, fingerprint, fingerprints_reworded
from question_bank.formats.native import read_case
from question_bank.items import AnyItem
from tests.question_bank.builders import case_files
from tests.question_bank.kinds import KINDS, changed

DATA = Path(__file__).parent / "data"

EVERY_KIND = pytest.mark.parametrize("item", [pytest.param(item, id=item.key) for item in KINDS])
UNORDERED = ("options", "regions", "pairs", "distractors", "stems", "accept", "rubric")
REASONS = ("why", "covered_answer", "alt")


def written(item: AnyItem) -> dict[str, Any]:
    return item.model_dump(mode="json", exclude_none=True)


def kind_of(name: str) -> AnyItem:
    return next(item for item in KINDS if item.type == name)


def with_other_reasons(value: Any) -> Any:
    if isinstance(value, list):
        return [with_other_reasons(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"{each} Added." if name in REASONS else with_other_reasons(each)
        for name, each in value.items()
    }


@EVERY_KIND
def test_other_reasons_points_and_keys_of_items_leave_the_edition_as_it_is(item: AnyItem) -> None:
    raw = with_other_reasons(written(item)) | {"points": 3, "key": "another-name"}

    assert changed(item, **raw) != item
    assert fingerprint(changed(item, **raw)) == fingerprint(item)


@EVERY_KIND
@given(chance=st.randoms(use_true_random=False))
def test_the_order_in_which_options_are_written_is_no_part_of_it(item: AnyItem, chance) -> None:
    raw = written(item)
    for name in UNORDERED:
        if name in raw:
            chance.shuffle(raw[name])

    assert fingerprint(changed(item, **raw)) == fingerprint(item)


@EVERY_KIND
def test_another_lead_in_ends_it(item: AnyItem) -> None:
    other = changed(item, lead_in="Which of these is now asked instead?")

    assert fingerprint(other) != fingerprint(item)


def test_no_two_items_of_the_file_are_the_same_edition() -> None:
    assert len({fingerprint(item) for item in KINDS}) == len(KINDS)


def moved_key(item: AnyItem, name: str) -> list[dict[str, Any]]:
    """Return the list *name* of *item*, with one of its keys given to another option."""
    options = written(item)[name]
    key = next(each for each in options if each["key"])
    other = next(each for each in options if not each["key"] and not each.get("harm"))
    key["text"], other["text"] = other["text"], key["text"]
    return options


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("single_best_answer", "options"),
        ("multiple_response", "options"),
        ("hotspot", "regions"),
        ("key_feature", "options"),
    ],
)
def test_another_right_option_ends_it(kind: str, name: str) -> None:
    item = kind_of(kind)

    assert fingerprint(changed(item, **{name: moved_key(item, name)})) != fingerprint(item)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("numeric", {"answer": "12345"}),
        ("numeric", {"tolerance": {"absolute": "0.001"}}),
        ("short_answer", {"accept": ["something else"]}),
    ],
)
def test_another_answer_or_tolerance_ends_it(kind: str, changes: dict[str, Any]) -> None:
    item = kind_of(kind)

    assert fingerprint(changed(item, **{"mistakes": []} | changes)) != fingerprint(item)


def test_another_order_of_steps_ends_it() -> None:
    item = kind_of("ordering")
    raw = written(item)
    raw["steps"].reverse()

    assert fingerprint(changed(item, **raw)) != fingerprint(item)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"answer": "0.1", "tolerance": {"absolute": "0.01"}},
            {"answer": "0.10", "tolerance": {"absolute": "1e-2"}},
            id="as written",
        ),
        pytest.param(
            {"answer": "100", "tolerance": {"absolute": "10"}},
            {"answer": "100.0", "tolerance": {"relative": "0.1"}},
            id="the same bounds",
        ),
    ],
)
def test_a_number_written_in_another_way_asks_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    item = changed(kind_of("numeric"), mistakes=[])

    assert fingerprint(changed(item, **one)) == fingerprint(changed(item, **other))


def test_the_names_of_criteria_are_no_part_of_it_and_their_levels_are() -> None:
    item = kind_of("essay")
    raw = written(item)
    for number, criterion in enumerate(raw["rubric"]):
        criterion["name"] = f"Criterion {number}"
    renamed = fingerprint(changed(item, **raw))
    raw["rubric"][0]["levels"][-1]["text"] += " And more."

    assert renamed == fingerprint(item)
    assert fingerprint(changed(item, **raw)) != fingerprint(item)


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [
        pytest.param("aaa", [1, 1, 1], id="it goes on"),
        pytest.param("abbc", [1, 2, 2, 3], id="a change is the next"),
        pytest.param("abac", [1, 2, 1, 3], id="what was asked before goes on"),
    ],
)
def test_editions_are_numbered_in_the_order_of_versions(marks: str, numbers: list[int]) -> None:
    known: dict[int, set[str]] = {}
    found = []
    for mark in marks:
        found.append(edition_of(mark, known))
        known.setdefault(found[-1], set()).add(mark)

    assert found == numbers


def shipped() -> list[Case]:
    return [read_case(file.read_text(encoding="utf-8"), file.name) for file in case_files()]


ASKED_ANEW = {
    "a-borrowed-stimulator/acetaminophen-total",
    "a-borrowed-stimulator/pad-position",
    "a-borrowed-stimulator/withheld",
    "a-calendar-on-the-fridge/plan",
    "a-carpet-layer-at-night/reply",
    "a-coach-and-a-stimulator/advice-now",
    "a-coach-and-a-stimulator/trial-now",
    "a-dose-that-climbs/cause",
    "a-foot-that-catches-on-the-stairs/daily-dose",
    "a-foot-that-catches-on-the-stairs/next-step",
    "a-form-filled-in-at-the-desk/before-leaving",
    "a-form-filled-in-at-the-desk/total-score",
    "a-hand-after-the-cast/next-step",
    "a-knee-at-the-market-stall/long-term-plan",
    "a-knee-at-the-market-stall/scope-question",
    "a-knee-at-the-market-stall/strong-for",
    "a-letter-for-the-warehouse/obstacles",
    "a-letter-for-the-warehouse/three-signs",
    "a-letter-for-the-warehouse/work-advice",
    "a-piano-tuner-on-warfarin/higher-tier",
    "a-piano-tuner-on-warfarin/warfarin-plan",
    "a-place-at-the-table/dizzy-at-breakfast",
    "a-place-at-the-table/what-to-promise",
    "a-place-at-the-table/which-target",
    "a-plan-three-years-old/which-opioid",
    "a-report-on-the-phone/before-lifting",
    "a-taste-of-metal/convulsion",
    "a-toothbrush-she-dreads/next-step",
    "a-toothbrush-she-dreads/other-headaches",
    "a-tracing-before-methadone/start-or-not",
    "a-tuning-key-that-slips/next-step",
    "a-video-call-about-back-pain/next-step",
    "a-video-call-about-back-pain/rescue-dose",
    "a-visit-in-two-languages/needle-words",
    "a-visit-in-two-languages/reply",
    "a-visit-in-two-languages/who-translates",
    "aching-beyond-the-joints/criteria",
    "aching-beyond-the-joints/peg-target",
    "an-ache-below-the-belt/chance-of-relief",
    "an-ache-below-the-belt/which-nerves",
    "an-itch-without-a-rash/decisive-step",
    "an-itch-without-a-rash/likely-cause",
    "an-itch-without-a-rash/share-delivered",
    "an-unexpected-urine-screen/next-step",
    "an-unexpected-urine-screen/reasons-for-naloxone",
    "asking-for-help-after-a-night-shift/next-step",
    "asking-for-the-drip/daily-amount",
    "dreading-the-new-knee/advice",
    "eighteen-weeks-along/back-pain",
    "every-bottle-in-the-bag/acetaminophen-total",
    "every-bottle-in-the-bag/thumbs",
    "feeding-lying-down/patch-and-when",
    "five-weeks-off-the-route/matched-care",
    "five-weeks-off-the-route/which-exercise",
    "four-numbers-at-eight-weeks/next-goal",
    "four-numbers-at-eight-weeks/oswestry-percent",
    "good-days-and-bad-days/plan",
    "good-days-and-bad-days/starting-quota",
    "help-around-the-house/components",
    "help-around-the-house/husband",
    "help-around-the-house/number-needed",
    "jaw-and-heel/heel-advice",
    "jaw-and-heel/jaw-measures",
    "jaw-and-heel/other-people",
    "jerking-limbs-on-the-ward/cause-of-the-movements",
    "jerking-limbs-on-the-ward/daily-dose",
    "leaning-on-the-shopping-cart/response",
    "leaning-on-the-shopping-cart/trial-result",
    "nights-after-the-convoy/clonazepam",
    "nights-after-the-convoy/plan",
    "nights-after-the-convoy/which-questionnaire",
    "nine-hours-in-bed/also-now",
    "nine-hours-in-bed/efficiency",
    "nine-hours-in-bed/time-in-bed",
    "nothing-stays-down/opioid-tonight",
    "numb-feet-on-the-pedals/drug",
    "numb-feet-on-the-pedals/number-needed",
    "numb-feet-on-the-pedals/others",
    "off-the-ladder/after-the-films",
    "off-the-ladder/first-test",
    "off-the-ladder/in-recovery",
    "off-the-ladder/where-tips-lie",
    "one-good-afternoon/next-step",
    "one-good-afternoon/which-nerves",
    "ready-for-the-implant/number-needed",
    "ready-for-the-implant/plan-this-week",
    "running-out-early-again/next-plan",
    "seven-weeks-without-school/treatment-plan",
    "six-benches-to-the-bakery/plan",
    "stepping-off-a-ladder/days-to-emg",
    "stepping-off-a-ladder/other-people",
    "ten-weeks-of-ratings/cause",
    "ten-weeks-of-ratings/percent-fall",
    "the-goalkeepers-foot/plan",
    "the-low-shelf/main-treatment",
    "the-night-after-a-cesarean/explain",
    "the-nine-oclock-bus/less-awake",
    "the-nine-oclock-bus/longer-nights",
    "the-nine-oclock-bus/while-driving",
    "two-weeks-in-a-recliner/who-gets-what",
    "what-the-video-promised/reason-to-wait",
    "when-the-pain-is-gone/early-step",
    "when-the-pain-is-gone/how-it-works",
}
"""The items of which another answer is right since, or that have gone."""


def test_the_shipped_bank_asks_what_it_asked_in_the_first_edition() -> None:
    """So that loading it over an instance of then ends no edition of an item."""
    first = json.loads((DATA / "first-edition.json").read_text(encoding="utf-8"))
    then = {f"{slug}/{key}": mark for slug, items in first.items() for key, mark in items.items()}
    now = {
        f"{case.slug}/{item.key}": {fingerprint(item), *fingerprints_reworded(case.slug, item)}
        for case in shipped()
        for item in case.questions
    }

    assert {name for name, mark in then.items() if mark not in now.get(name, ())} == ASKED_ANEW


def test_of_lead_ins_that_ask_the_same_the_last_is_asked_now() -> None:
    now = {(case.slug, item.key): item.lead_in for case in shipped() for item in case.questions}

    for slug, items in SAME_LEAD_INS.items():
        assert {key: words[-1] for key, words in items.items()} == {
            key: now[slug, key] for key in items
        }


@given(item=st.sampled_from(KINDS), other=st.sampled_from(KINDS), retired=st.booleans())
def test_a_key_comes_back_with_one_of_its_editions_and_goes_on_with_its_type(
    item, other, retired: bool
) -> None:
    revised = changed(item, lead_in="Which of these would come next?")

    def is_another(asked) -> bool:
        return asks_another(asked, kind=item.type, retired=retired, editions=[fingerprint(item)])

    assert not is_another(item)
    assert is_another(revised) is retired
    assert is_another(other) is (other != item and (retired or other.type != item.type))
