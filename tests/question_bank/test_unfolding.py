"""Cases that say all at once, or unfold in stages, with exhibits."""

import json
from typing import Any

import pytest

from question_bank.case import InvalidCase, case_to_json, content_hash, parse_case
from tests.question_bank.builders import case_data, make_case, several, single
from tests.question_bank.kinds import CASE

TABLE = {"columns": ["Test", "Result"], "rows": [["Sodium", "128 mmol/L"], ["", "none"]]}
LABS = {"key": "labs", "title": "Laboratory results", "table": TABLE}


def stage(*keys: str, **more: Any) -> dict[str, Any]:
    """Return a stage as it is written, with an item for each of *keys*."""
    items = [single().model_dump(exclude_none=True) | {"key": key} for key in keys]
    return {"text": "The story goes on.", "items": items} | more


def unfolding(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a case as it is written, in *stages*."""
    body = {name: value for name, value in case_data().items() if name not in ("vignette", "items")}
    return body | {"stages": list(stages)} | more


def test_a_case_that_says_all_at_once_has_one_part() -> None:
    case = make_case(single(), several(key="all-steps"), exhibits=[LABS])

    (part,) = case.parts
    assert not case.unfolds
    assert (part.title, part.text) == ("Presentation", "A teacher comes to the clinic.")
    assert [item.key for item in part.items] == ["next-step", "all-steps"]
    assert [exhibit.key for exhibit in part.exhibits] == ["labs"]
    assert case.questions == case.items


def test_a_case_that_unfolds_has_its_stages_as_parts_and_all_their_items() -> None:
    assert CASE.unfolds
    assert CASE.parts == CASE.stages
    assert [part.title for part in CASE.parts] == ["Presentation", "Findings", "Course"]
    assert [len(part.items) for part in CASE.parts] == [4, 3, 6]
    assert CASE.questions == tuple(item for part in CASE.stages for item in part.items)
    assert (CASE.vignette, CASE.items, CASE.exhibits) == (None, (), ())


def test_a_stage_without_a_title_is_the_presentation() -> None:
    case = parse_case(unfolding(stage("one"), stage("two", title="Course")))

    assert [part.title for part in case.parts] == ["Presentation", "Course"]


def test_the_order_of_the_stages_is_said_by_the_hash() -> None:
    one, two = stage("one"), stage("two")

    assert content_hash(parse_case(unfolding(one, two))) != content_hash(
        parse_case(unfolding(two, one))
    )


def test_parts_and_questions_are_no_part_of_what_is_stored() -> None:
    case = parse_case(unfolding(stage("one"), stage("two"), waivers=[]))
    before = case_to_json(case)

    assert case.parts
    assert case.questions
    assert case_to_json(case) == before
    assert parse_case(json.loads(json.dumps(before))) == case
    assert not {"parts", "questions", "vignette"} & set(before)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_two_to_five_stages_are_a_case(count: int) -> None:
    case = parse_case(unfolding(*(stage(f"item-{n}") for n in range(count))))

    assert len(case.parts) == len(case.questions) == count


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(
            unfolding(*(stage(f"item-{n}") for n in range(6))),
            "stages: has 6; give at most 5",
            id="six stages",
        ),
        pytest.param(
            unfolding(stage("one"), stage("one")),
            "case: give every item and every exhibit a “key” of its own",
            id="a key in two stages",
        ),
        pytest.param(
            unfolding(stage("one", exhibits=[LABS]), stage("two", exhibits=[LABS])),
            "case: give every item and every exhibit a “key” of its own",
            id="an exhibit in two stages",
        ),
        pytest.param(
            unfolding(stage("one"), stage("two"), items=case_data()["items"]),
            "case: a case with “stages” has no vignette, exhibits or items beside them",
            id="items beside",
        ),
        pytest.param(
            unfolding(stage("one"), stage("two", text=" ")), "stages[1].text: is empty", id="silent"
        ),
        pytest.param(
            unfolding(), "case: give a “vignette” and “items”, or “stages”", id="neither form"
        ),
        pytest.param(
            case_data(exhibits=[LABS | {"caption": ""}]), "exhibits[0].caption: is empty", id="bare"
        ),
        pytest.param(
            case_data(exhibits=[LABS | {"key": f"k{n}"} for n in range(7)]),
            "exhibits: has 7; give at most 6",
            id="seven exhibits",
        ),
    ],
)
def test_what_is_neither_form_is_refused(body: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        parse_case(body)

    assert str(caught.value) == problem


def test_a_table_may_have_empty_cells_but_no_empty_columns() -> None:
    case = make_case(exhibits=[LABS])

    assert case.exhibits[0].table is not None
    assert case.exhibits[0].table.rows[1] == ("", "none")
    with pytest.raises(InvalidCase, match=r"^exhibits\[0\]\.table\.columns\[1\]: is empty$"):
        make_case(exhibits=[LABS | {"table": TABLE | {"columns": ["Test", ""]}}])


def test_an_item_and_an_exhibit_may_share_a_key() -> None:
    assert make_case(exhibits=[LABS | {"key": "next-step"}]).exhibits[0].key == "next-step"
