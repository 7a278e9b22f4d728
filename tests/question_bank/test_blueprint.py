"""The blueprint: it parses, its invariants are named, and tags are checked against it."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from question_bank.blueprint import (
    Blueprint,
    InvalidBlueprint,
    check_tags,
    parse_blueprint,
)
from tests.question_bank.builders import blueprint_text, make_case

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def plan() -> Blueprint:
    """The shipped blueprint."""
    return parse_blueprint(blueprint_text())


def changed(change: Change) -> str:
    """Return the shipped blueprint after *change*."""
    data = yaml.safe_load(blueprint_text())
    change(data)
    return yaml.safe_dump(data)


def topic(data: dict[str, Any], approach: int = 0, place: int = 0) -> dict[str, Any]:
    return data["approaches"][approach]["topics"][place]


def test_the_shipped_blueprint_has_four_approaches_weighed_by_track(plan: Blueprint) -> None:
    weights = {
        track.id: [approach.weight(track.id) for approach in plan.approaches]
        for track in plan.tracks
    }

    assert [approach.id for approach in plan.approaches] == [
        "pharmacological", "interventional", "rehabilitative", "psychological",
    ]  # fmt: skip
    assert weights == {"ipm": [25, 45, 15, 15], "fm": [38, 14, 24, 24]}


def test_a_topic_is_found_with_its_approach(plan: Blueprint) -> None:
    assert plan.topic("psych-sleep").name == "Sleep and pain"
    assert plan.approach_of("psych-sleep") == "psychological"
    assert [each.id for each in plan.topics][:2] == [
        "pharm-opioid-prescribing", "pharm-opioid-safety",
    ]  # fmt: skip


def test_there_is_no_topic_of_an_unknown_id(plan: Blueprint) -> None:
    with pytest.raises(KeyError):
        plan.topic("psych-homeopathy")
    with pytest.raises(KeyError):
        plan.approach_of("psych-homeopathy")


def test_a_dimension_offers_its_own_values_only(plan: Blueprint) -> None:
    assert "focus-evidence" in plan.values_of("focus")
    assert "focus-evidence" not in plan.values_of("setting")
    assert plan.values_of("weather") == frozenset()


def heavier(data: dict[str, Any]) -> None:
    topic(data)["weights"]["ipm"] += 1


def lighter(data: dict[str, Any]) -> None:
    del topic(data)["weights"]["fm"]


def shared_otherwise(data: dict[str, Any]) -> None:
    data["cognitive_levels"][0]["shares"]["fm"] = 11


def unheard_of(data: dict[str, Any]) -> None:
    topic(data)["competencies"].append("pc99")


def unheard_of_value(data: dict[str, Any]) -> None:
    data["dimensions"][3]["values"][0]["competencies"] = ["xx1"]


def same_topic(data: dict[str, Any]) -> None:
    topic(data, 3)["id"] = topic(data)["id"]


def topic_named_as_a_value(data: dict[str, Any]) -> None:
    topic(data)["id"] = "focus-evidence"


def track_named_as_a_level(data: dict[str, Any]) -> None:
    data["cognitive_levels"][0]["id"] = "fm"


def in_capitals(data: dict[str, Any]) -> None:
    topic(data)["id"] = "Pharm"


def negative_share(data: dict[str, Any]) -> None:
    shares = [level["shares"] for level in data["cognitive_levels"]]
    shares[0]["ipm"], shares[1]["ipm"] = -10, 65


def too_heavy(data: dict[str, Any]) -> None:
    topic(data)["weights"]["ipm"] = 101


def weighed_for_a_stranger(data: dict[str, Any]) -> None:
    topic(data)["weights"]["surgery"] = 5


def shared_with_a_stranger(data: dict[str, Any]) -> None:
    data["cognitive_levels"][0]["shares"]["surgery"] = 0


def nameless(data: dict[str, Any]) -> None:
    del topic(data, 1, 2)["name"]


def surplus(data: dict[str, Any]) -> None:
    data["tracks"][1]["director"] = "J. Roe"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(heavier, r"topic weights of ipm sum to 101, not 100", id="weights over 100"),
        pytest.param(lighter, r"topic weights of fm sum to 95, not 100", id="a weight missing"),
        pytest.param(shared_otherwise, r"level shares of fm sum to 101, not 100", id="shares"),
        pytest.param(
            unheard_of, r"pharm-opioid-prescribing names undefined .*\['pc99'\]", id="competency"
        ),
        pytest.param(
            unheard_of_value, r"setting-clinic names undefined .*\['xx1'\]", id="of a value"
        ),
        pytest.param(same_topic, r"“pharm-opioid-prescribing” is used twice", id="two topics"),
        pytest.param(
            topic_named_as_a_value, r"“focus-evidence” is used twice", id="topic and value"
        ),
        pytest.param(track_named_as_a_level, r"“fm” is used twice", id="track and level"),
        pytest.param(in_capitals, r"approaches\.0\.topics\.0\.id: .*match pattern", id="capitals"),
        pytest.param(negative_share, r"cognitive_levels\.0\.shares\.ipm: ", id="a negative share"),
        pytest.param(too_heavy, r"approaches\.0\.topics\.0\.weights\.ipm: ", id="over 100"),
        pytest.param(
            weighed_for_a_stranger,
            r"pharm-opioid-prescribing has a number for undefined tracks: \['surgery'\]",
            id="a weight for an unknown track",
        ),
        pytest.param(
            shared_with_a_stranger, r"undefined tracks", id="a share for an unknown track"
        ),
        pytest.param(nameless, r"approaches\.1\.topics\.2\.name: Field required", id="no name"),
        pytest.param(surplus, r"tracks\.1\.director: ", id="an unknown field"),
    ],
)
def test_a_broken_invariant_is_named(change: Change, complaint: str) -> None:
    with pytest.raises(InvalidBlueprint, match=complaint):
        parse_blueprint(changed(change))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("tracks: [", id="an open list"),
        pytest.param("version: !!python/name:os.system", id="code"),
        pytest.param("version: 2026-99-99", id="no such day"),
        pytest.param("version: !!bool maybe", id="neither yes nor no"),
        pytest.param("[" * 5_000, id="very deep"),
        pytest.param("\0", id="a control character"),
    ],
)
def test_what_is_not_yaml_is_refused(text: str) -> None:
    with pytest.raises(InvalidBlueprint, match="not YAML"):
        parse_blueprint(text)


@pytest.mark.parametrize("text", ["", "[]", "7", "version: 1"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(InvalidBlueprint):
        parse_blueprint(text)


def test_a_case_tagged_from_the_blueprint_has_no_problems(plan: Blueprint) -> None:
    case = make_case(
        condition="cond-spine", population=["pop-older-adult"], setting="setting-clinic"
    )

    assert check_tags(case, plan) == []


@pytest.mark.parametrize(
    ("tags", "problem"),
    [
        ({"topic": "rehab-magic"}, ("topic", "“rehab-magic” is not in the blueprint")),
        ({"tracks": ["ipm", "surgery"]}, ("tracks", "“surgery” is not in the blueprint")),
        ({"level": "guess"}, ("items[0].level", "“guess” is not in the blueprint")),
        ({"focus": ["cond-spine"]}, ("focus", "“cond-spine” is not in the blueprint")),
        ({"condition": "pop-pediatric"}, ("condition", "“pop-pediatric” is not in the blueprint")),
        ({"population": ["pop-pets"]}, ("population", "“pop-pets” is not in the blueprint")),
        ({"setting": "setting-moon"}, ("setting", "“setting-moon” is not in the blueprint")),
    ],
)
def test_a_foreign_tag_is_named_with_its_field(
    plan: Blueprint, tags: dict[str, Any], problem: tuple[str, str]
) -> None:
    found = check_tags(make_case(**tags), plan)

    assert [(each.field, each.message) for each in found] == [problem]


def test_every_foreign_tag_is_named(plan: Blueprint) -> None:
    found = check_tags(make_case(topic="x", focus=["y", "focus-evidence", "z"]), plan)

    assert [(each.field, each.message[1]) for each in found] == [
        ("topic", "x"),
        ("focus", "y"),
        ("focus", "z"),
    ]


def test_nothing_new_is_written_for_a_retired_topic() -> None:
    def retire(data: dict[str, Any]) -> None:
        topic(data, 2)["retired"] = True

    later = parse_blueprint(changed(retire))

    assert later.topic("rehab-spine").retired
    assert [each.field for each in check_tags(make_case(topic="rehab-spine"), later)] == ["topic"]
