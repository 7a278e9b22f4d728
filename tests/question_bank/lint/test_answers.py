"""What answers earn that were not thought about, and how typed ones are read."""

from typing import Any

import pytest

from tests.question_bank.lint.drafts import WHY, broken, case, menu, places, several

SEVEN = ("Walk", "Splint", "Lift", "Swim", "Ride", "Stretch", "Rest")


@pytest.mark.parametrize(
    ("keys", "credit", "found"),
    [
        pytest.param((0, 1, 2, 3), "net_correct", ["items[0].options"], id="more keys"),
        pytest.param((0, 1, 2), "net_correct", [], id="more distractors"),
        pytest.param((0, 1, 2, 3), "exact", [], id="all or nothing"),
    ],
)
def test_l39_ticking_all_is_found_where_it_pays(
    keys: tuple[int, ...], credit: str, found: list[str]
) -> None:
    assert places(case(several(*SEVEN, keys=keys, credit=credit)), "L39") == found


def test_l39_as_many_distractors_as_keys_are_enough() -> None:
    assert "L39" not in broken(case(several(*SEVEN[:6], keys=(0, 1, 2))))


def typed(accept: list[str], mistake: str = "neuroma", **more: Any) -> dict[str, Any]:
    return {
        "key": "which-name",
        "type": "short_answer",
        "lead_in": "Which name has the sign that she shows?",
        "accept": accept,
        "why": WHY,
        "mistakes": [{"text": mistake, "why": WHY}],
    } | more


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(typed(["Ménière"], "Meniere"), id="a mistake that differs in an accent"),
        pytest.param(typed(["Lasegue"], accents_matter=True), id="accents count for nothing"),
    ],
)
def test_l40_accents_that_count_unsaid_or_in_vain_are_found(item: dict[str, Any]) -> None:
    assert places(case(item), "L40") == ["items[0].accents_matter"]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(typed(["Ménière"]), id="folded"),
        pytest.param(typed(["Ménière"], "Meniere", accents_matter=True), id="meant"),
        pytest.param(menu("Walk", "Splint", "Lift", "Swim", "Ride", "Stretch"), id="a menu"),
    ],
)
def test_l40_accents_that_fold_or_are_meant_are_fair(item: dict[str, Any]) -> None:
    assert "L40" not in broken(case(item))


def test_l40_two_features_that_differ_in_an_accent_are_found() -> None:
    item = menu("Ménière", "Meniere", mode="write_in")

    assert places(case(item), "L40") == ["items[0].accents_matter"]
