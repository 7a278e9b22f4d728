"""Acts that harm are marked wherever an option tells that it is one."""

from typing import Any

import pytest

from question_bank.case import Case, case_to_json, parse_case
from question_bank.knowledge import HarmfulAct, Tell
from question_bank.lint import check_case
from tests.question_bank.lint.drafts import (
    VIGNETTE,
    acts,
    blueprint,
    broken,
    case,
    check,
    places,
    shipped,
    single,
)

OPIOID = f"{VIGNETTE} She takes oxycodone 10 mg four times daily."


def sleep(*, right: int = 0, harm: str = "") -> dict[str, Any]:
    item = single("Sleep study", "Nightly zolpidem", "Nightly melatonin", right=right)
    if harm:
        item["options"][1]["harm"] = harm
    return item


def test_l38_an_act_that_is_not_marked_is_found() -> None:
    (found,) = [each for each in check(case(sleep(), vignette=OPIOID)) if each.rule == "L38"]

    assert (found.level, found.field) == ("E", "items[0].options[1].harm")
    assert "“Nightly zolpidem” looks like an act that harms: Adding a Z-drug" in found.message


@pytest.mark.parametrize(
    ("item", "story"),
    [
        pytest.param(sleep(), VIGNETTE, id="of a patient whom it does not hurt"),
        pytest.param(sleep(right=1), OPIOID, id="that is the key"),
        pytest.param(sleep(harm="z-drug-with-an-opioid"), OPIOID, id="that is marked"),
    ],
)
def test_l38_nothing_is_said_of_an_option(item: dict[str, Any], story: str) -> None:
    assert places(case(item, vignette=story), "L38") == []


def test_l38_is_waived_with_a_reason_though_it_keeps_a_case_back() -> None:
    waiver = {"rule": "L38", "at": "items[0].options[1].harm", "why": "The oxycodone has stopped."}

    assert broken(case(sleep(), vignette=OPIOID, waivers=[waiver])) == set()
    assert [each.level for each in check(case(waivers=[waiver]))] == ["W"]


def test_l38_keeps_no_stored_case_back() -> None:
    found = check_case(
        case(sleep(), vignette=OPIOID),
        facts=None, acts=acts(), slugs=None, blueprint=blueprint(), first=True,
    )  # fmt: skip

    assert [each.level for each in found if each.rule == "L38"] == ["W"]


def test_l38_an_act_of_which_only_the_id_is_known_tells_nothing() -> None:
    known: dict[str, HarmfulAct | None] = {"z-drug-with-an-opioid": None}
    found = check_case(
        case(sleep(), vignette=OPIOID),
        facts=None, acts=known, slugs=None, blueprint=blueprint(),
    )  # fmt: skip

    assert [each for each in found if each.rule == "L38"] == []


def test_a_tell_reads_over_the_ends_of_lines_and_past_case() -> None:
    tell = Tell(option=r"\bmorphine\b", patient=r"\bclearance is 14 mL/min")

    assert tell.gives_away("Morphine", "The clearance is 14\nmL/min.")
    assert not tell.gives_away("Hydromorphone", "The clearance is 14 mL/min.")
    assert not tell.gives_away("Morphine", "The clearance is 114 mL/min.")


def unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: unmarked(each) for key, each in value.items() if key != "harm"}


def found_in(one: Case) -> set[str]:
    bare = parse_case(unmarked(case_to_json(one)))
    return set(places(bare, "L38"))


def test_the_tells_of_an_act_find_options_that_are_marked_as_it() -> None:
    found: set[str] = set()
    for one in shipped():
        fields = found_in(one)
        for place, item in zip(one.places, one.questions, strict=True):
            options = enumerate(getattr(item, "options", ()))
            harms = {f"{place}.options[{n}].harm": getattr(o, "harm", None) for n, o in options}
            found |= {harm for field, harm in harms.items() if harm and field in fields}

    assert {act.id for act in acts().values() if act.tells} <= found
