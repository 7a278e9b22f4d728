"""What the first edition stored: it says, earns and shows today what it did then."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.case import (
    Case,
    InvalidCase,
    Reference,
    case_to_json,
    parse_case,
    said_hash,
)
from question_bank.earlier_words import EARLIER_WORDS, SAME_LEAD_INS
from question_bank.formats.native import read_case
from question_bank.items import AnyItem
from question_bank.knowledge import HarmfulAct, parse_acts, parse_facts
from tests.question_bank.builders import CONTENT, JSON, case_files
from tests.question_bank.test_case import case_or_refusal, places, put

DATA = Path(__file__).with_name("data")
STORED = Path(__file__).parents[1] / "migrations" / "first_edition" / "case_version.jsonl.gz"

CHANGED_SINCE = {
    "a-borrowed-stimulator",
    "a-calendar-on-the-fridge",
    "a-carpet-layer-at-night",
    "a-coach-and-a-stimulator",
    "a-dose-that-climbs",
    "a-foot-that-catches-on-the-stairs",
    "a-form-filled-in-at-the-desk",
    "a-hand-after-the-cast",
    "a-knee-at-the-market-stall",
    "a-letter-for-the-warehouse",
    "a-piano-tuner-on-warfarin",
    "a-place-at-the-table",
    "a-plan-three-years-old",
    "a-report-on-the-phone",
    "a-taste-of-metal",
    "a-toothbrush-she-dreads",
    "a-tracing-before-methadone",
    "a-tuning-key-that-slips",
    "a-video-call-about-back-pain",
    "a-visit-in-two-languages",
    "aching-beyond-the-joints",
    "an-ache-below-the-belt",
    "an-itch-without-a-rash",
    "an-unexpected-urine-screen",
    "asking-for-help-after-a-night-shift",
    "asking-for-the-drip",
    "dreading-the-new-knee",
    "eighteen-weeks-along",
    "every-bottle-in-the-bag",
    "feeding-lying-down",
    "five-weeks-off-the-route",
    "four-numbers-at-eight-weeks",
    "good-days-and-bad-days",
    "help-around-the-house",
    "jaw-and-heel",
    "jerking-limbs-on-the-ward",
    "leaning-on-the-shopping-cart",
    "nights-after-the-convoy",
    "nine-hours-in-bed",
    "nothing-stays-down",
    "numb-feet-on-the-pedals",
    "off-the-ladder",
    "one-good-afternoon",
    "ready-for-the-implant",
    "running-out-early-again",
    "seven-weeks-without-school",
    "six-benches-to-the-bakery",
    "stepping-off-a-ladder",
    "ten-weeks-of-ratings",
    "the-goalkeepers-foot",
    "the-low-shelf",
    "the-night-after-a-cesarean",
    "the-nine-oclock-bus",
    "two-weeks-in-a-recliner",
    "unsteady-in-the-kitchen",
    "what-the-video-promised",
    "when-the-pain-is-gone",
}
"""The slugs of cases of the starter bank that say something else since."""

CRITERIA_RENAMED_SINCE = {
    "a-dose-that-climbs",
    "a-report-on-the-phone",
    "seven-weeks-without-school",
    "when-the-pain-is-gone",
}
"""The slugs of those that name criteria anew, since their names told how to answer."""

HARMS_MARKED_SINCE = {
    "a-borrowed-stimulator",
    "a-coach-and-a-stimulator",
    "a-dose-that-climbs",
    "a-foot-that-catches-on-the-stairs",
    "a-form-filled-in-at-the-desk",
    "a-hand-after-the-cast",
    "a-piano-tuner-on-warfarin",
    "a-taste-of-metal",
    "a-toothbrush-she-dreads",
    "a-tuning-key-that-slips",
    "an-unexpected-urine-screen",
    "asking-for-help-after-a-night-shift",
    "every-bottle-in-the-bag",
    "jerking-limbs-on-the-ward",
    "nine-hours-in-bed",
    "ready-for-the-implant",
    "running-out-early-again",
}
"""The slugs of those in which more options are marked as acts that harm."""

STORIES_REWORDED = (
    ("with 4 years of ache to the left", "with 4 years of aching to the left"),
    ("from 7 to 1 for some hours,", "from 7 to 1 for a few hours,"),
    ("for a cold since 4 days ago,", "for a cold that began 4 days ago,"),
    ("The two orders were cancelled.", "The two orders were canceled."),
    ("gave birth to a healthy girl without surgery.", "delivered a healthy girl vaginally."),
    ("with alcohol is discussed for tomorrow.", "with alcohol is being considered for tomorrow."),
    ("last syringe agrees with the drug", "last syringe matches the drug"),
    ("Outside the room he says:", "Before he signs, he says:"),
)
"""What stories said as nobody speaks, and how they say it since."""

REWORDED = {
    ("Respiratory depression", "Respiratory depression from an opioid with a benzodiazepine"),
    ("Ventricular arrhythmia before correction", "Ventricular arrhythmia"),
    ("Relapse and overdose late in pregnancy", "Relapse and overdose after withdrawal"),
    ("Opioid toxicity in the breastfed baby", "Opioid toxicity in the breastfed infant"),
    ("Abrupt end of a benzodiazepine after 6 years", "Withdrawal after an abrupt stop"),
    ("Malformation if she becomes pregnant", "Malformation if pregnancy follows"),
    ("Surgery without evidence that he responds", "Surgery without evidence of a response"),
    ("Suicide before he is seen", "Suicide before the next visit"),
}
"""What a choice does to a patient, as one case said it, and as the act says it for all."""


DRAWN_SINCE = {
    "a-letter-for-the-warehouse",
    "asking-for-the-drip",
    "good-days-and-bad-days",
}
"""The slugs of those whose patient has a drawing of the own since."""


def unpacked(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode("utf-8")


@cache
def acts() -> dict[str, HarmfulAct]:
    return parse_acts((CONTENT / "harms.yaml").read_text(encoding="utf-8"))


@cache
def stored() -> dict[str, dict[str, Any]]:
    """Return every body that the first edition stored, by its content hash."""
    names, *rows = map(json.loads, unpacked(STORED).splitlines())
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {row["content_hash"]: as_json(row["body"]) for row in found}


def as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@cache
def bank() -> dict[str, Case]:
    """Return the starter bank as the first edition stored it, by slug."""
    return {
        case["slug"]: parse_case(stored()[case["hash"]])
        for case in SAID
        if case["hash"] in stored()
    } | {
        name: read_case((DATA / f"{name}.yaml").read_text("utf-8"), name)
        for name in ("a-case", "all-kinds")
    }


SAID: list[dict[str, Any]] = json.loads(unpacked(DATA / "first-format.json.gz"))
"""What the first edition made of answers to every item, by case and key of the item."""

FIRST_FILES = [path for path in case_files() if path.stem in {str(case["slug"]) for case in SAID}]
"""The files of cases that the starter bank had from the start."""


def test_no_case_of_the_first_bank_is_gone() -> None:
    assert len(FIRST_FILES) == 60


def test_the_hash_of_a_stored_body_stays_true() -> None:
    for digest, body in stored().items():
        canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
        assert hashlib.sha256(canonical.encode()).hexdigest() == digest


def test_what_stored_bodies_say_keeps_its_hash() -> None:
    """Fields that came later are left out of it where a case does not have them."""
    said = sorted(said_hash(parse_case(body)) for body in stored().values())

    assert hashlib.sha256("".join(said).encode()).hexdigest() == SAID_THEN


SAID_THEN = "36f1adad5b08698fc7cc24b8e7d8d0b792f136c771ccc89502c5795069044ebf"


@pytest.mark.parametrize("case", SAID, ids=lambda case: case["slug"])
def test_every_answer_earns_and_shows_what_it_did(case: dict[str, Any]) -> None:
    items = {item.key: item for item in bank()[case["slug"]].questions}

    assert set(items) == set(case["said"])
    for key, answers in case["said"].items():
        for raw, then in answers:
            now = said(items[key], raw)
            told = zip(then.pop("harms"), now.pop("harms"), strict=True)
            assert all(before == after or (before, after) in REWORDED for before, after in told)
            assert now == then


def said(item: AnyItem, raw: Any) -> dict[str, Any]:
    """Return all that *item* says of the answer *raw*."""
    answer = item.parse_answer(raw)
    credit = item.credit_for(answer)
    lines = [
        [line.text, line.why, line.is_key, line.chosen, line.index, line.best, line.given]
        for line in item.review(answer)
    ]
    harms = [line.harm or "" for line in item.harms(answer)]
    return {
        "credit": None if credit is None else str(credit),
        "lines": hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()[:16],
        "remark": item.remark(answer),
        "words": item.answer_text(answer),
        "sum": item.sum_up(answer),
        "harms": [acts()[harm].harm if harm in acts() else harm for harm in harms],
        "key": item.key_text,
        "use": item.use,
        "points": item.points,
    }


def without_sources(case: Case) -> Case:
    """Return *case* without its sources, found again and added to, and waivers of later rules.

    It names no sibling, since none did. Its items are without their own levels: in the first
    format all had that of their case.
    """
    kept = tuple(waiver for waiver in case.waivers if waiver.rule not in {"L36", "L38"})
    stages = tuple(
        stage.model_copy(update={"items": without_levels(stage.items)}) for stage in case.stages
    )
    return case.model_copy(
        update={
            "references": (),
            "sibling_of": None,
            "waivers": kept,
            "items": without_levels(case.items),
            "stages": stages,
        }
    )


def without_levels(items: Sequence[AnyItem]) -> tuple[AnyItem, ...]:
    """Return *items* as if none had a level of its own."""
    return tuple(item.model_copy(update={"level": "unread"}) for item in items)


def without_doi(reference: Reference) -> Reference:
    """Return *reference* as it stands in print."""
    return reference.model_copy(update={"doi": None})


def without(said: Any, slug: str) -> Any:
    """Return what the case *slug* *said* but for what it is known to say otherwise since.

    Where lines end does not count.
    """
    if isinstance(said, str):
        return " ".join(said.split())
    if isinstance(said, list):
        return [without(each, slug) for each in said]
    if not isinstance(said, dict):
        return said
    left_out: set[str] = set()
    if "levels" in said and slug in CRITERIA_RENAMED_SINCE:
        left_out |= {"name", "text"}
    if slug in HARMS_MARKED_SINCE:
        left_out |= {"harm"}
    if slug in DRAWN_SINCE:
        left_out |= {"image", "alt"}
    return {key: without(each, slug) for key, each in said.items() if key not in left_out}


@pytest.mark.parametrize("path", FIRST_FILES, ids=lambda path: path.stem)
def test_the_starter_bank_says_what_it_said(path: Path) -> None:
    case = read_case(path.read_text(encoding="utf-8"), path.name)
    now, first = without_sources(case), without_sources(bank()[case.slug])

    assert path.read_text(encoding="utf-8").startswith("format: 2\n")
    if case.slug in CHANGED_SINCE:
        return
    kept = without(case_to_json(now), case.slug)
    assert kept == reworded(without(case_to_json(first), case.slug), case)
    if case.slug not in OTHERWISE_SINCE:
        assert said_hash(now) == said_hash(first)


REWORDED_SINCE = {
    *SAME_LEAD_INS,
    "a-place-at-the-table",
    "an-itch-without-a-rash",
    "under-the-collarbone",
}
"""The slugs of those that say the same as a colleague would."""


OTHERWISE_SINCE = CRITERIA_RENAMED_SINCE | HARMS_MARKED_SINCE | REWORDED_SINCE | DRAWN_SINCE
"""The slugs of those that say it otherwise, and decide the same."""


def reworded(said: Any, case: Case) -> Any:
    """Return what a case *said* in the words of *case*, where these alone are others."""
    if isinstance(said, str):
        for before, since in STORIES_REWORDED:
            said = said.replace(before, since)
        return said
    if isinstance(said, list):
        return [reworded(each, case) for each in said]
    if not isinstance(said, dict):
        return said
    same = SAME_LEAD_INS.get(case.slug, {}).get(said.get("key", ""), ())
    if "lead_in" in said and said["lead_in"] in same:
        said = said | {"lead_in": same[-1]}
    return {key: reworded(each, case) for key, each in said.items()}


@pytest.mark.parametrize("path", FIRST_FILES, ids=lambda path: path.stem)
def test_what_harmed_in_the_first_bank_harms_today(path: Path) -> None:
    case = read_case(path.read_text(encoding="utf-8"), path.name)

    if case.slug not in CHANGED_SINCE:
        assert harms_in(bank()[case.slug]) <= harms_in(case)


def harms_in(case: Case) -> set[tuple[str, str, str]]:
    """Return what harms in *case*: the key of the item, the option and the act."""
    return {
        (item.key, line.text, line.harm)
        for item in case.questions
        for line in item.review(None)
        if line.harm
    }


@pytest.mark.parametrize("path", FIRST_FILES, ids=lambda path: path.stem)
def test_the_starter_bank_cites_what_it_cited(path: Path) -> None:
    """A reference may have got its DOI since, and newer ones may stand after the first."""
    case = read_case(path.read_text(encoding="utf-8"), path.name)
    first = bank()[case.slug].references

    if case.slug not in CHANGED_SINCE:
        kept = case.references[: len(first)]
        assert tuple(map(without_doi, kept)) == tuple(map(without_doi, first))
        dois = [(now.doi, then.doi) for now, then in zip(kept, first, strict=True) if then.doi]
        assert all(now == then for now, then in dois)


def test_every_harm_of_the_first_bank_is_an_act_that_the_list_has() -> None:
    named = {act for words in EARLIER_WORDS.values() for act in words.values()}
    unread = [item.key for slug in EARLIER_WORDS for item in unmatched(bank()[slug])]

    assert named <= set(acts())
    assert unread == []


def test_every_act_of_the_list_is_an_option_of_the_bank() -> None:
    cases = [read_case(path.read_text(encoding="utf-8"), path.name) for path in case_files()]

    assert {act for case in cases for _, _, act in harms_in(case)} == set(acts())


def unmatched(case: Case) -> list[AnyItem]:
    """Return the items of *case* with a harm that is no act of the list."""
    return [
        item
        for item in case.questions
        if any(line.harm and line.harm not in acts() for line in item.review(None))
    ]


def test_an_act_rests_on_facts_that_there_are() -> None:
    facts = parse_facts((CONTENT / "facts.yaml").read_text(encoding="utf-8"))

    assert {fact for act in acts().values() for fact in act.facts} <= set(facts)


@given(st.data())
def test_a_damaged_body_of_the_first_edition_is_a_case_or_is_refused(draw: st.DataObject) -> None:
    body = deepcopy(draw.draw(st.sampled_from(list(stored().values()))))
    for path in draw.draw(st.lists(st.sampled_from(places(body)), min_size=1, max_size=3)):
        with suppress(KeyError, IndexError, TypeError):  # a part that another damage took away
            put(body, path, draw.draw(JSON))

    found = case_or_refusal(body)

    if isinstance(found, InvalidCase):
        assert all(problem.field and problem.message for problem in found.problems)
    else:
        assert parse_case(case_to_json(found)) == found
        assert said_hash(parse_case(case_to_json(found))) == said_hash(found)
