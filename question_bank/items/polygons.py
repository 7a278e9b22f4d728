"""Polygons with whole coordinates: what lies in them, and whether two overlap. All exact."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise, product

Point = tuple[int, int]
Polygon = tuple[Point, ...]
Edge = tuple[Point, Point]


def inside(point: Point, polygon: Polygon) -> bool:
    """Return whether *point* lies in *polygon*, by counting the edges a ray from it crosses.

    Of points on an edge, those that have the area on their right or below them lie in it.
    """
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in _edges(polygon):
        sign = 1 if y2 > y1 else -1
        if (y1 > y) != (y2 > y) and sign * (x - x1) * (y2 - y1) < sign * (x2 - x1) * (y - y1):
            crossed = not crossed
    return crossed


def overlap(one: Polygon, other: Polygon) -> bool:
    """Return whether two polygons share an area; a shared edge or corner is none.

    No edge begins or ends between two neighboring heights of corners. If none crosses
    another there either, each polygon covers the same spans of the width, in the same order,
    all the way between them, so it is enough to compare the spans half way.
    """
    if not _boxes_meet(one, other):
        return False
    if any(_cross(a, b) for a, b in product(_edges(one), _edges(other))):
        return True
    heights = sorted({y for _, y in (*one, *other)})
    return any(
        max(a, c) < min(b, d)
        for low, high in pairwise(heights)
        for (a, b), (c, d) in product(
            _spans(one, Fraction(low + high, 2)), _spans(other, Fraction(low + high, 2))
        )
    )


def is_simple(polygon: Polygon) -> bool:
    """Return whether *polygon* has an area, and no edges that cross."""
    twice_the_area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(polygon))
    crossing = any(_cross(a, b) for a, b in combinations(_edges(polygon), 2))
    return twice_the_area != 0 and not crossing


def anchor(polygon: Polygon) -> Point:
    """Return the mean of the corners; of three neighboring corners if that lies outside."""
    center = (
        sum(x for x, _ in polygon) // len(polygon),
        sum(y for _, y in polygon) // len(polygon),
    )
    if inside(center, polygon):
        return center
    triangles = zip(polygon, (*polygon[1:], polygon[0]), (*polygon[2:], *polygon[:2]), strict=True)
    for a, b, c in triangles:
        point = ((a[0] + b[0] + c[0]) // 3, (a[1] + b[1] + c[1]) // 3)
        if inside(point, polygon):
            return point
    return center


def _edges(polygon: Polygon) -> Iterator[Edge]:
    return pairwise((*polygon, polygon[0]))


def _boxes_meet(one: Polygon, other: Polygon) -> bool:
    return all(
        max(min(mine), min(theirs)) < min(max(mine), max(theirs))
        for mine, theirs in zip(zip(*one, strict=True), zip(*other, strict=True), strict=True)
    )


def _cross(one: Edge, other: Edge) -> bool:
    """Return whether two edges cross in a point that is no end of either."""
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> int:
    """Return on which side of the line from *a* to *b* the point *c* lies: −1, 0 or 1."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _spans(polygon: Polygon, y: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return from where to where *polygon* reaches at the height *y*, which no corner has."""
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in _edges(polygon)
        if (y1 > y) != (y2 > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))
