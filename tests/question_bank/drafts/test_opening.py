"""Every case opens as a draft, and comes out of it saying the same."""

from typing import Any

import pytest
from hypothesis import given

from question_bank.case import Case, InvalidCase, case_to_json, parse_case, said_hash
from question_bank.drafts.bodies import taken
from question_bank.drafts.fields import field_of, path_of
from question_bank.drafts.opening import draft_of, read_draft
from question_bank.drafts.paths import flatten, unflatten
from question_bank.drafts.reshaping import added, moved, moved_to, removed
from question_bank.items import AnyItem
from tests.question_bank.builders import WHY, make_case
from tests.question_bank.drafts.made import FEW, SHIPPED, cases, strings_only
from tests.question_bank.kinds import CASE, KINDS
from tests.question_bank.test_planned import with_plans


def check_round_trip(case: Case) -> None:
    body = draft_of(case)

    assert read_draft(body) == case
    assert said_hash(read_draft(body)) == said_hash(case)
    assert unflatten(flatten(body)) == body
    assert all(isinstance(leaf, str | bool | list) for leaf in flatten(body).values())
    assert said_hash(read_draft(strings_only(body))) == said_hash(case)


@pytest.mark.parametrize("case", [*SHIPPED, CASE, with_plans(CASE)], ids=lambda case: case.slug)
def test_a_case_of_the_bank_comes_out_as_it_went_in(case: Case) -> None:
    check_round_trip(case)


@FEW
@given(cases())
def test_any_case_comes_out_as_it_went_in(case: Case) -> None:
    check_round_trip(case)


@pytest.mark.parametrize("item", KINDS, ids=lambda item: item.key)
def test_a_case_of_one_item_of_each_type_comes_out_as_it_went_in(item: AnyItem) -> None:
    case = make_case(item)

    check_round_trip(case)
    assert len(draft_of(case)["stages"]) == 1


@pytest.mark.parametrize("case", [*SHIPPED[:12], CASE], ids=lambda case: case.slug)
def test_a_field_of_a_case_and_the_path_of_its_draft_lead_to_each_other(case: Case) -> None:
    body = draft_of(case)
    for path in flatten(body):
        field = field_of(body, path)
        if not path.endswith("/@"):
            assert path_of(body, field) == path
        assert said_at(case_to_json(case), field) is not None, path


def said_at(said: Any, field: str) -> Any:
    for name in field.replace("]", "").replace("[", ".").split("."):
        said = said[int(name) if isinstance(said, list) else name]
    return said


def problems_of(body: Any) -> dict[str, str]:
    with pytest.raises(InvalidCase) as caught:
        read_draft(body)
    return {each.field: each.message for each in caught.value.problems}


def changed(path: str, leaf: Any, case: Case = CASE) -> dict[str, Any]:
    """Return the draft of *case* with another leaf, None: without one."""
    leaves = flatten(draft_of(case))
    assert path in leaves
    kept = {each: value for each, value in leaves.items() if each != path}
    return unflatten(kept if leaf is None else kept | {path: leaf})


@pytest.mark.parametrize(
    ("path", "leaf", "message"),
    [
        ("title", None, "is missing"),
        ("takeaway", "word " * 26, "say it in at most 25 words; these are 26"),
        ("stages/s2/title", None, "is missing"),
        ("stages/s1/items/i1/lead_in", "Why", "ask one closed question that ends with “?”"),
        ("stages/s1/items/i1/options/o2/why", "Short.", "say why in 12 words or more"),
        ("stages/s1/items/i3/answer", "lots", "“lots” is not a number"),
        ("stages/s1/items/i2/choose", "two", "is not a whole number"),
        ("references/r8/year", "MMXX", "is not a whole number"),
        ("stages/s3/items/i12/regions/r5/polygon", "here",
         "is not a list of corners, like 0,0 90,0 90,60"),
        ("stages/s3/items/i12/regions/r5/polygon", "0,0 90,0 2001,60", "is more than 2000"),
        ("stages/s1/exhibits/e1/table/rows/r1/cells", ["x"], "row 1 has 1 cells for 2 columns"),
        ("stages/s3/items/i13/rubric/r6/levels/l1/points", "-1", "is less than 0"),
        ("stages/s1/items/i1/type", "riddle", "needs a “type” among single_best_answer"),
        ("waivers/w1/rule", "24", "is not the id of a rule, like L24"),
    ],
)  # fmt: skip
def test_what_a_draft_lacks_is_said_at_the_path_of_the_leaf(
    path: str, leaf: Any, message: str
) -> None:
    found = problems_of(changed(path, leaf))

    (where, what), *others = found.items()
    assert not others
    assert path.startswith(where)
    assert what.startswith(message)


def test_an_empty_draft_lacks_everything_and_says_what() -> None:
    assert problems_of({}) == dict.fromkeys(
        ["stages", "title", "topic", "tracks", "focus", "facts", "takeaway", "references"],
        "is missing",
    )
    begun = {"stages": [{"#": "s1"}]}
    assert list(problems_of(begun))[:2] == ["stages/s1/text", "stages/s1/items"]


def test_a_blank_row_is_none_yet_and_others_keep_their_places() -> None:
    leaves = flatten(draft_of(CASE))
    order = "stages/s1/items/i1/options/@"
    leaves[order] = ["zz", *leaves[order]]
    leaves["stages/s1/items/i1/options/zz/key"] = False
    body = unflatten(leaves)

    assert read_draft(body) == CASE
    place = "stages/s1/items/i1/options/o1/why"
    assert field_of(body, place) == "stages[0].items[0].options[0].why"
    assert path_of(body, "stages[0].items[0].options[0].why") == place


def test_fields_of_another_type_stay_in_the_draft_and_out_of_the_case() -> None:
    leaves = flatten(draft_of(CASE)) | {
        "stages/s1/items/i1/answer": "7",
        "stages/s1/items/i1/options/o1/weight": "2",
    }
    body = unflatten(leaves)

    assert read_draft(body) == CASE
    assert flatten(body)["stages/s1/items/i1/options/o1/weight"] == "2"


def test_an_item_that_names_no_type_asks_for_the_best_answer() -> None:
    assert read_draft(changed("stages/s1/items/i1/type", None)) == CASE


def test_what_has_no_name_is_named_by_what_it_says() -> None:
    leaves = {path: leaf for path, leaf in flatten(draft_of(CASE)).items()
              if path not in ("slug", "stages/s1/items/i1/key", "stages/s1/items/i4/key",
                              "stages/s1/exhibits/e1/key")}  # fmt: skip

    case = read_draft(
        unflatten(leaves),
        known_keys={"weakness-called"},
        known_slugs={"a-back-that-will-not-rest"},
    )

    assert case.slug == "a-back-that-will-not-rest-2"
    assert case.questions[0].key == "step"
    assert case.questions[3].key == "weakness-called-2"
    assert case.parts[0].exhibits[0].key == "laboratory-results"


def test_words_without_letters_are_named_all_the_same() -> None:
    body = taken({"title": "—", "stages": [{"items": [{"lead_in": "?"}, {}], "text": "x"}]}).body
    with pytest.raises(InvalidCase) as caught:
        read_draft(body)
    assert not [each for each in caught.value.problems if each.field.endswith(("key", "slug"))]


def test_a_waiver_stays_with_its_place_when_rows_are_moved_and_goes_with_it() -> None:
    said = case_to_json(CASE)
    why = "The word stands in what is quoted"
    said["waivers"] = [
        {"rule": "L23", "why": why, "at": "stages[0].items[0].options[2].text"},
        {"rule": "L24", "why": why, "at": "stages[9].text"},
    ]
    case = parse_case(said)
    body = draft_of(case)
    option = "stages/s1/items/i1/options/o3"

    assert flatten(body)["waivers/w1/at"] == f"{option}/text"
    assert read_draft(body) == case
    assert read_draft(moved(body, option, -1)).waivers[0].at == "stages[0].items[0].options[1].text"
    elsewhere = moved_to(body, "stages/s1/items/i1", "stages/s3/items")
    assert read_draft(elsewhere).waivers[0].at == "stages[2].items[6].options[2].text"
    alone = removed(added(body, "stages/s1/items/i1/options", {"#": "xx", "why": WHY,
                          "text": "Heat"}), option)  # fmt: skip
    assert [each.rule for each in read_draft(alone).waivers] == ["L24"]


def test_a_case_written_as_one_part_says_all_at_once() -> None:
    one = next(case for case in SHIPPED if not case.unfolds)
    body = draft_of(one)

    assert "title" not in body["stages"][0]
    assert not read_draft(body).unfolds
    assert parse_case(case_to_json(read_draft(body))) == one
