"""The shipped bank: every file is sound, in its place, and there are enough of them."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from question_bank.blueprint import Blueprint, check_tags, parse_blueprint
from question_bank.case import Case
from question_bank.formats.native import read_case
from question_bank.items import ITEM_TYPES
from question_bank.items.hotspot import Hotspot
from question_bank.items.numeric import Numeric
from question_bank.items.short_answer import ShortAnswer
from tests.question_bank.builders import CONTENT, blueprint_text, case_files
from tests.question_bank.contract import (
    best_answer,
    earned,
    mistake_in,
    round_trip,
    secrets_of,
    shown_besides_options,
)

PLAN: Blueprint = parse_blueprint(blueprint_text())
FILES = [pytest.param(path, id=path.stem) for path in case_files()]


@cache
def case_in(path: Path) -> Case:
    return read_case(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("path", FILES)
def test_a_case_is_read_and_its_tags_are_in_the_blueprint(path: Path) -> None:
    assert check_tags(case_in(path), PLAN) == []


@pytest.mark.parametrize("path", FILES)
def test_a_case_lies_in_the_folder_of_its_approach_under_its_own_name(path: Path) -> None:
    case = case_in(path)

    assert path.name == f"{case.slug}.yaml"
    assert path.parent.name == PLAN.approach_of(case.topic)


@pytest.mark.parametrize("path", FILES)
def test_the_facts_of_a_case_are_ids_each_once(path: Path) -> None:
    facts = case_in(path).facts

    assert facts
    assert len(set(facts)) == len(facts)
    assert all(re.fullmatch(r"[A-Z][0-9]{2,3}", fact) for fact in facts)


@pytest.mark.parametrize("path", FILES)
def test_the_best_answer_earns_all_and_shows_no_mistake(path: Path) -> None:
    for item in case_in(path).questions:
        raw = best_answer(item)

        assert earned(item, raw) in (1, None)
        assert (earned(item, raw) is None) is (item.use == "none" or item.type == "essay")
        assert round_trip(item, raw)
        assert mistake_in(item, item.parse_answer(raw)) is None
        assert earned(item, None) == 0


@pytest.mark.parametrize("path", FILES)
def test_every_mistake_that_is_explained_is_wrong_and_is_recognised(path: Path) -> None:
    for item in case_in(path).questions:
        if not isinstance(item, Numeric | ShortAnswer):
            continue
        for mistake, explained in zip(item.mistakes, item.review(None)[1:], strict=True):
            if isinstance(item, Numeric):
                raw = {"value": mistake.value, "unit": item.unit}
            else:
                raw = {"text": mistake.text.replace("*", "")}

            assert earned(item, raw) == 0
            found = mistake_in(item, item.parse_answer(raw))
            assert found is not None
            assert found.text == explained.text


@pytest.mark.parametrize("path", FILES)
def test_no_reason_is_shown_with_the_question(path: Path) -> None:
    for item in case_in(path).questions:
        shown = shown_besides_options(item)

        assert [secret for secret in secrets_of(item) if secret in shown] == []


def test_every_file_of_the_bank_is_a_case_in_the_folder_of_an_approach() -> None:
    found = {path.relative_to(CONTENT) for path in CONTENT.rglob("*.yaml")}

    assert found - {path.relative_to(CONTENT) for path in case_files()} == {
        Path("blueprint.yaml"), Path("facts.yaml"), Path("harms.yaml"),
    }  # fmt: skip
    assert {path.parent.name for path in case_files()} <= {each.id for each in PLAN.approaches}


def test_no_two_cases_share_a_name() -> None:
    slugs = [case_in(path).slug for path in case_files()]

    assert [slug for slug, count in Counter(slugs).items() if count > 1] == []


def cases() -> list[Case]:
    return [case_in(path) for path in case_files()]


def pictures(case: Case) -> set[str]:
    """Return the drawings that *case* shows."""
    shown = {each.image for part in case.parts for each in part.exhibits if each.image}
    return shown | {item.image for item in case.questions if isinstance(item, Hotspot)}


@pytest.mark.parametrize("approach", [each.id for each in PLAN.approaches])
def test_every_approach_has_fifteen_cases(approach: str) -> None:
    assert sum(PLAN.approach_of(case.topic) == approach for case in cases()) >= 15


@pytest.mark.parametrize("track", [each.id for each in PLAN.tracks])
def test_every_topic_of_a_track_has_an_item_and_every_topic_two(track: str) -> None:
    everywhere = Counter(case.topic for case in cases() for _ in case.questions)
    here = {case.topic for case in cases() if track in case.tracks}

    assert here == {topic.id for topic in PLAN.topics}
    assert min(everywhere.values()) >= 2


@pytest.mark.parametrize("kind", [each.type_name() for each in ITEM_TYPES])
def test_every_item_type_is_asked_five_times_or_more(kind: str) -> None:
    assert sum(item.type == kind for case in cases() for item in case.questions) >= 5


def test_cases_unfold_show_exhibits_and_offer_what_would_harm() -> None:
    exhibits = sum(len(part.exhibits) for case in cases() for part in case.parts)
    harmful = sum(
        any(line.harm for item in case.questions for line in item.review(None)) for case in cases()
    )

    assert sum(len(case.questions) for case in cases()) >= 180
    assert sum(case.unfolds for case in cases()) >= 15
    assert exhibits >= 20
    assert harmful >= 12


def test_every_drawing_is_there_and_is_shown() -> None:
    drawn = {file.name for file in (CONTENT / "exhibits").iterdir()}

    assert drawn == set().union(*map(pictures, cases()))


def test_a_drawing_belongs_to_one_patient() -> None:
    shown = Counter(name for case in cases() for name in pictures(case))

    assert [name for name, patients in shown.items() if patients > 1] == []


def test_a_sibling_has_a_story_of_its_own_in_the_same_bank() -> None:
    slugs = {case.slug for case in cases()}
    named = [case.sibling_of for case in cases() if case.sibling_of]

    assert set(named) <= slugs
    assert len(named) >= 10


def test_no_drawing_can_run_or_load_anything() -> None:
    for file in (CONTENT / "exhibits").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|<image|<foreignObject|href|url\(|\bon\w+=", text), (
            file
        )
