"""Rubrics: points of the chosen levels, as a share of all points."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.rubrics import Criterion, InvalidMarks, rubric_credit


def criterion(*points: int, name: str = "Says it") -> Criterion:
    """Return a criterion whose levels are worth *points*."""
    levels = [{"points": each, "text": f"Worth {each}"} for each in points]
    return Criterion.model_validate({"name": name, "levels": levels})


RUBRIC = (criterion(0, 1, 2), criterion(0, 3, name="Names it"))
CRITERION = st.sets(st.integers(1, 10), min_size=1, max_size=4).map(
    lambda points: criterion(0, *sorted(points))
)
RUBRICS = st.lists(CRITERION, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("levels", "credit"),
    [
        pytest.param((0, 0), Fraction(0), id="the lowest levels"),
        pytest.param((2, 1), Fraction(1), id="the highest levels"),
        pytest.param((1, 0), Fraction(1, 5), id="1 of 5 points"),
        pytest.param((0, 1), Fraction(3, 5), id="3 of 5 points"),
        pytest.param((1, 1), Fraction(4, 5), id="4 of 5 points"),
    ],
)
def test_credit_is_points_over_all_points(levels: tuple[int, ...], credit: Fraction) -> None:
    assert rubric_credit(RUBRIC, levels) == credit


@pytest.mark.parametrize(
    ("levels", "complaint"),
    [
        ((), "a level for every criterion"),
        ((1,), "a level for every criterion"),
        ((1, 1, 1), "a level for every criterion"),
        ((3, 0), "“Says it” has no such level"),
        ((0, 2), "“Names it” has no such level"),
        ((-1, 0), "“Says it” has no such level"),
    ],
)
def test_marks_that_the_rubric_does_not_offer_are_refused(
    levels: tuple[int, ...], complaint: str
) -> None:
    with pytest.raises(InvalidMarks, match=complaint):
        rubric_credit(RUBRIC, levels)


@given(RUBRICS, st.data())
def test_a_higher_level_always_earns_more(rubric: list[Criterion], data: st.DataObject) -> None:
    levels = [data.draw(st.integers(0, len(each.levels) - 1)) for each in rubric]
    found = rubric_credit(rubric, levels)

    assert 0 <= found <= 1
    assert (found == 1) is all(
        n == len(each.levels) - 1 for n, each in zip(levels, rubric, strict=True)
    )
    for place, level in enumerate(levels):
        if level:
            lower = [n - (at == place) for at, n in enumerate(levels)]
            assert rubric_credit(rubric, lower) < found


@given(RUBRICS, st.data())
def test_the_order_of_the_criteria_does_not_count(
    rubric: list[Criterion], data: st.DataObject
) -> None:
    levels = [data.draw(st.integers(0, len(each.levels) - 1)) for each in rubric]
    order = data.draw(st.permutations(range(len(rubric))))

    shuffled = rubric_credit([rubric[n] for n in order], [levels[n] for n in order])

    assert shuffled == rubric_credit(rubric, levels)


@pytest.mark.parametrize(
    "points",
    [
        pytest.param((1, 2), id="not from nought"),
        pytest.param((0, 2, 1), id="down again"),
        pytest.param((0, 1, 1), id="the same twice"),
        pytest.param((0, 0), id="nothing to earn"),
    ],
)
def test_levels_begin_at_nought_and_ascend(points: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="levels begin at 0 points and ascend"):
        criterion(*points)


def test_a_criterion_says_its_levels_in_one_line() -> None:
    levels = [{"points": 0, "text": "Not said."}, {"points": 2, "text": "Said"}]
    found = Criterion.model_validate({"name": "Says it", "levels": levels})

    assert found.in_words == "0: Not said. 2: Said."
    assert found.most == 2
