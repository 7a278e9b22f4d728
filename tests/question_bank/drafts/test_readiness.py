"""How far a draft is, part by part; every problem is counted in one part."""

from typing import Any

from hypothesis import given

from question_bank.case import InvalidCase, Problem
from question_bank.drafts.bodies import taken
from question_bank.drafts.opening import draft_of, read_draft
from question_bank.drafts.paths import flatten, unflatten
from question_bank.drafts.readiness import readiness
from tests.question_bank.drafts.made import FEW, damaged
from tests.question_bank.kinds import CASE


def said_of(body: dict[str, Any]) -> dict[str, str]:
    return {each.part: each.in_words for each in readiness(body)}


def test_a_whole_case_is_complete_in_every_part() -> None:
    found = said_of(draft_of(CASE))

    assert set(found.values()) == {"complete"}
    assert list(found)[:3] == ["plan", "stages/s1", "stages/s1/items/i1"]
    assert len(found) == 2 + len(CASE.stages) + len(CASE.questions)


def test_an_empty_draft_lacks_its_plan_a_stage_and_its_end() -> None:
    assert said_of({}) == {"plan": "3 things are missing", "end": "5 things are missing"}


def test_what_is_missing_is_counted_where_it_is_missing() -> None:
    leaves = flatten(draft_of(CASE))
    for path in (
        "title",
        "stages/s2/text",
        "stages/s1/items/i1/lead_in",
        "stages/s1/items/i1/options/o2/why",
        "takeaway",
    ):
        del leaves[path]

    found = {part: said for part, said in said_of(unflatten(leaves)).items() if said != "complete"}

    assert found == {
        "plan": "1 thing is missing",
        "stages/s2": "1 thing is missing",
        "stages/s1/items/i1": "2 things are missing",
        "end": "1 thing is missing",
    }


def problems_of(body: dict[str, Any]) -> list[Problem]:
    try:
        read_draft(body)
    except InvalidCase as lacking:
        return sorted(lacking.problems, key=str)
    return []


@FEW
@given(damaged())
def test_every_problem_of_any_draft_is_counted_once(raw: Any) -> None:
    body = taken(raw).body

    found = [problem for each in readiness(body) for problem in each.problems]

    assert sorted(found, key=str) == problems_of(body)
