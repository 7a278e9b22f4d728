"""A case gets a tag, or loses it, and says the same otherwise."""

import pytest

from question_bank.case import Case, parse_case
from question_bank.retagging import TagMisfit, retagged
from tests.attempts.factories import case_body, choice_item

CLINIC, WARD = "setting-clinic", "setting-inpatient"
EVIDENCE = "focus-evidence"


def case(**changes: object) -> Case:
    return parse_case(case_body(choice_item(), slug="ward") | changes)


def test_a_tag_is_added_after_those_that_it_has_and_taken_again() -> None:
    before = case()

    tagged = retagged(before, "focus", EVIDENCE, add=True)

    assert tagged.focus == (*before.focus, EVIDENCE)
    assert retagged(tagged, "focus", EVIDENCE, add=False) == before


@pytest.mark.parametrize(
    ("dimension", "tag", "add"),
    [
        ("population", "pop-older-adult", False),
        ("setting", WARD, False),
        ("focus", EVIDENCE, False),
        ("setting", CLINIC, True),
    ],
)
def test_what_is_so_already_is_the_very_same_case(dimension: str, tag: str, add: bool) -> None:
    before = case(setting=CLINIC)

    assert retagged(before, dimension, tag, add=add) is before


def test_a_case_has_one_setting_which_is_not_replaced() -> None:
    placed = retagged(case(), "setting", CLINIC, add=True)

    with pytest.raises(TagMisfit, match="another setting"):
        retagged(placed, "setting", WARD, add=True)
    assert placed.setting == CLINIC
    assert retagged(placed, "setting", CLINIC, add=False).setting is None


def test_the_only_focus_stays() -> None:
    only = case(focus=[EVIDENCE])

    with pytest.raises(TagMisfit, match="only one"):
        retagged(only, "focus", EVIDENCE, add=False)
