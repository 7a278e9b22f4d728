"""What authors plan by: the decision of a case, and the mistake that a distractor is there for."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from question_bank.case import Case, InvalidCase, case_to_json, parse_case, said_hash
from question_bank.editions import fingerprint
from question_bank.feedback import feedback_as_authored, feedback_on
from question_bank.formats.native import read_case
from question_bank.items import ITEM_TYPES
from question_bank.paper import preview_of
from tests.question_bank.builders import an_unfolding_case_file, case_files, make_case, single

PLANNED = "narwhal"
PLAIN = read_case(an_unfolding_case_file(), "all-kinds.yaml")


def with_plans(case: Case) -> Case:
    """Return *case* with a decision, and with a misconception wherever the format has a place."""
    body = case_to_json(case)
    for part in body["stages"]:
        for item in part["items"]:
            options = [*item.get("options", []), *item.get("regions", [])]
            for option in options if item["type"] != "extended_matching" else []:
                option["misconception"] = f"Takes a {PLANNED} for a fish"
    return parse_case(body | {"decision": f"Whether the {PLANNED} is imaged today."})


def without_plans(said: Any) -> Any:
    if isinstance(said, list):
        return [without_plans(each) for each in said]
    if not isinstance(said, dict):
        return said
    kept = {name: each for name, each in said.items() if name not in ("decision", "misconception")}
    return {name: without_plans(each) for name, each in kept.items()}


def test_a_case_keeps_its_plan_and_without_it_says_what_it_said_before() -> None:
    planned = with_plans(PLAIN)

    assert str(case_to_json(planned)).count(PLANNED) == 19
    assert said_hash(planned) != said_hash(PLAIN)
    assert said_hash(parse_case(without_plans(case_to_json(planned)))) == said_hash(PLAIN)


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_the_json_of_a_case_without_a_plan_has_no_place_for_it(path: Path) -> None:
    said = case_to_json(read_case(path.read_text(encoding="utf-8"), path.name))

    assert "decision" in said or without_plans(said) == said


def test_the_plan_is_no_part_of_what_an_item_asks() -> None:
    planned = with_plans(PLAIN)

    assert list(map(fingerprint, planned.questions)) == list(map(fingerprint, PLAIN.questions))


@pytest.mark.parametrize("kind", ITEM_TYPES, ids=lambda kind: kind.type_name())
def test_a_fellow_is_not_told_the_plan_of_an_item(kind: type) -> None:
    for item in with_plans(PLAIN).questions:
        if not isinstance(item, kind):
            continue
        shown = item.for_fellow()
        order = range(len(shown.options))
        said = [
            asdict(shown),
            item.review(None),
            item.gist,
            feedback_as_authored(1, item),
            feedback_on(1, item, None, None, order=order),
        ]
        assert PLANNED not in repr(said)


def test_a_sheet_of_a_case_has_no_plan() -> None:
    planned = with_plans(PLAIN)
    positions = {item.key: n for n, item in enumerate(planned.questions)}
    points = {item.key: item.points for item in planned.questions}

    assert PLANNED not in repr(preview_of(planned, positions, points))
    assert "What is the weakness called?" in repr(preview_of(planned, positions, points))


def test_a_decision_is_a_sentence() -> None:
    assert make_case(single(), decision="word " * 40).decision == ("word " * 40).strip()
    with pytest.raises(InvalidCase, match="decision: say it in at most 40 words; these are 41"):
        make_case(single(), decision="word " * 41)
