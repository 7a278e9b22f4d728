"""The places of a hotspot item as its editor draws them, however far they are written."""

from dataclasses import dataclass
from string import ascii_uppercase

from lms.authoring.editor.fields import Row
from question_bank.drafts.opening import corners_in
from question_bank.items.polygons import anchor


@dataclass(frozen=True)
class DrawnArea:
    """A place on the picture: the control that holds its corners, its letter and where that is.

    `points` are the corners as SVG has them; empty, as long as they make no area.
    """

    control: str
    letter: str
    points: str
    anchor: tuple[int, int]


def areas_of(item: Row) -> list[DrawnArea]:
    """Return the places of a hotspot item, in order."""
    rows = item.form["regions"].entries
    return [_drawn(row, letter) for row, letter in zip(rows, ascii_uppercase, strict=False)]


def _drawn(row: Row, letter: str) -> DrawnArea:
    field = row.form["polygon"]
    corners = corners_in(field.data)
    if len(corners) < 3:
        return DrawnArea(field.id, letter, "", (0, 0))
    points = " ".join(f"{x},{y}" for x, y in corners)
    return DrawnArea(field.id, letter, points, anchor(corners))
