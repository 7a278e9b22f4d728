"""Hotspot: a place on a picture, and the geometry of regions."""

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from question_bank.items.choices import Choice
from question_bank.items.polygons import anchor, inside, is_simple, overlap
from tests.question_bank.contract import earned
from tests.question_bank.kinds import BY_KEY, changed

ITEM = BY_KEY["where-to-place"]
SQUARE = ((10, 10), (20, 10), (20, 20), (10, 20))
CUP = ((0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30))
"""Open above: the square between its arms does not belong to it."""

CORNER = st.tuples(st.integers(0, 9), st.integers(0, 9))
TRIANGLE = st.lists(CORNER, min_size=3, max_size=3, unique=True).map(tuple).filter(is_simple)


def box(left: int, top: int, width: int, height: int) -> tuple[tuple[int, int], ...]:
    right, bottom = left + width, top + height
    return ((left, top), (right, top), (right, bottom), (left, bottom))


BOX = st.builds(box, st.integers(0, 12), st.integers(0, 12), st.integers(1, 9), st.integers(1, 9))


@pytest.mark.parametrize(("chosen", "credit"), [(0, 1), (1, 0), (2, 0), (None, 0)])
def test_the_key_earns_all_and_no_other_place_earns(chosen: int | None, credit: int) -> None:
    assert earned(ITEM, {"chosen": chosen}) == credit


def test_the_picture_and_the_words_are_the_same_answer() -> None:
    shown = ITEM.for_fellow()

    assert len(shown.areas) == len(shown.options) == 3
    assert shown.areas[0].corners == ((310, 220), (350, 220), (350, 260), (310, 260))
    assert all(inside(area.anchor, area.corners) for area in shown.areas)
    assert (shown.image, shown.shuffle) == ("fluoro-lumbar-ap.svg", False)


@given(st.integers(0, 2))
def test_what_the_fellow_sees_does_not_depend_on_key_harm_and_reasons(key: int) -> None:
    regions = [
        {"text": each.text, "polygon": each.polygon, "why": "Twelve " * 12, "key": n == key}
        for n, each in enumerate(ITEM.regions)
    ]

    assert changed(ITEM, regions=regions).for_fellow() == ITEM.for_fellow()


def test_the_result_names_key_answer_and_harm() -> None:
    lines = ITEM.review(Choice(2))

    assert ITEM.key_text == ITEM.regions[0].text
    assert [(line.is_key, line.chosen) for line in lines] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip
    assert [line.harm for line in ITEM.harms(Choice(2))] == ["A needle in the canal"]


# Geometry


@pytest.mark.parametrize(
    ("point", "found"),
    [
        pytest.param((15, 15), True, id="the middle"),
        pytest.param((11, 19), True, id="near a corner"),
        pytest.param((9, 15), False, id="left of it"),
        pytest.param((21, 15), False, id="right of it"),
        pytest.param((15, 9), False, id="above"),
        pytest.param((15, 21), False, id="below"),
        pytest.param((5, 10), False, id="level with an edge"),
        pytest.param((0, 0), False, id="far away"),
    ],
)
def test_a_point_is_inside_or_not(point: tuple[int, int], found: bool) -> None:
    assert inside(point, SQUARE) is found
    assert inside(point, SQUARE[::-1]) is found
    assert inside(point, SQUARE[2:] + SQUARE[:2]) is found


@pytest.mark.parametrize(
    ("point", "found"),
    [((5, 25), True), ((25, 25), True), ((15, 5), True), ((15, 25), False), ((15, 15), False)],
)
def test_a_notch_is_outside(point: tuple[int, int], found: bool) -> None:
    assert inside(point, CUP) is found


@given(BOX, BOX.map(lambda corners: corners[0]))
def test_a_point_on_a_shared_edge_belongs_to_one_side_only(
    one: tuple[tuple[int, int], ...], point: tuple[int, int]
) -> None:
    left, top = one[0]
    width, height = one[2][0] - left, one[2][1] - top
    beside = [box(left + width, top, width, height), box(left, top + height, width, height)]

    assert sum(inside(point, each) for each in (one, *beside)) <= 1


@pytest.mark.parametrize(
    ("other", "found"),
    [
        pytest.param(SQUARE, True, id="the same"),
        pytest.param(box(12, 12, 2, 2), True, id="within"),
        pytest.param(box(0, 0, 40, 40), True, id="around"),
        pytest.param(box(15, 15, 10, 10), True, id="a corner over a corner"),
        pytest.param(box(10, 16, 10, 10), True, id="a strip, with sides in line"),
        pytest.param(box(16, 10, 10, 10), True, id="a strip beside, with sides in line"),
        pytest.param(box(5, 13, 20, 2), True, id="a bar across"),
        pytest.param(((10, 10), (20, 10), (10, 20)), True, id="half of it, by a diagonal"),
        pytest.param(((15, 10), (20, 15), (15, 20), (10, 15)), True, id="a diamond that touches"),
        pytest.param(box(20, 10, 10, 10), False, id="side by side"),
        pytest.param(box(20, 5, 10, 30), False, id="beside a longer side"),
        pytest.param(box(10, 20, 10, 10), False, id="below"),
        pytest.param(box(20, 20, 5, 5), False, id="corner to corner"),
        pytest.param(box(30, 10, 5, 5), False, id="apart"),
        pytest.param(((20, 15), (30, 5), (30, 25)), False, id="a tip on a side"),
        pytest.param(((0, 0), (20, 0), (0, 20)), False, id="a diagonal through its corner"),
    ],
)
def test_two_regions_overlap_if_they_share_an_area(
    other: tuple[tuple[int, int], ...], found: bool
) -> None:
    assert overlap(SQUARE, other) is found
    assert overlap(other, SQUARE) is found
    assert overlap(SQUARE[::-1], other[1:] + other[:1]) is found


@pytest.mark.parametrize(
    ("other", "found"),
    [
        pytest.param(box(10, 10, 10, 20), False, id="fills the notch"),
        pytest.param(box(12, 12, 6, 6), False, id="in the notch"),
        pytest.param(box(9, 12, 6, 6), True, id="into an arm"),
        pytest.param(box(-5, 12, 40, 6), True, id="across both arms"),
        pytest.param(box(12, 2, 6, 6), True, id="in the floor"),
    ],
)
def test_a_region_may_lie_in_the_notch_of_another(
    other: tuple[tuple[int, int], ...], found: bool
) -> None:
    assert overlap(CUP, other) is found
    assert overlap(other, CUP) is found


@given(BOX, BOX)
def test_boxes_overlap_as_their_sides_do(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> None:
    shared = [
        min(one[2][axis], other[2][axis]) - max(one[0][axis], other[0][axis]) for axis in (0, 1)
    ]

    assert overlap(one, other) is (min(shared) > 0)


@given(TRIANGLE, TRIANGLE)
def test_triangles_overlap_if_no_side_parts_them(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> None:
    """Two convex shapes share no area exactly if the line of some side lies between them."""
    assert overlap(one, other) is not (_parted(one, other) or _parted(other, one))
    assert overlap(one, other) is overlap(other, one)


def _parted(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> bool:
    """Return whether the line of a side of *one* has *other* on its far side."""
    for n, a in enumerate(one):
        b, c = one[(n + 1) % 3], one[(n + 2) % 3]
        own = _turn(a, b, c)
        if all(_turn(a, b, corner) * own <= 0 for corner in other):
            return True
    return False


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@given(st.lists(CORNER, min_size=4, max_size=6, unique=True).map(tuple), CORNER)
def test_a_point_inside_two_regions_makes_them_overlap(
    one: tuple[tuple[int, int], ...], middle: tuple[int, int]
) -> None:
    """In twice the size, so that an odd point lies on no line of the grid."""
    around = box(2 * middle[0], 2 * middle[1], 2, 2)
    twice = tuple((2 * x, 2 * y) for x, y in one)
    assume(is_simple(twice))

    assert overlap(twice, around) or not inside((2 * middle[0] + 1, 2 * middle[1] + 1), twice)


@pytest.mark.parametrize(
    ("polygon", "found"),
    [
        pytest.param(SQUARE, True, id="a square"),
        pytest.param(CUP, True, id="a cup"),
        pytest.param(((0, 0), (10, 10), (10, 0), (0, 10)), False, id="a bow tie"),
        pytest.param(((0, 0), (9, 9), (9, 0), (0, 7)), False, id="a bow tie that is uneven"),
        pytest.param(((0, 0), (5, 5), (9, 9)), False, id="a line"),
        pytest.param(((1, 1), (1, 1), (1, 1)), False, id="a point"),
    ],
)
def test_a_region_goes_once_around_an_area(
    polygon: tuple[tuple[int, int], ...], found: bool
) -> None:
    assert is_simple(polygon) is found


@pytest.mark.parametrize("polygon", [SQUARE, CUP, box(0, 0, 2000, 1), ((0, 0), (9, 0), (0, 9))])
def test_the_letter_of_a_region_stands_in_it(polygon: tuple[tuple[int, int], ...]) -> None:
    assert inside(anchor(polygon), polygon)


def test_the_regions_of_an_item_lie_apart() -> None:
    polygons = [region.polygon for region in ITEM.regions]

    assert not any(overlap(one, other) for one, other in combinations(polygons, 2))
