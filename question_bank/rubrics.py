"""How constructed responses are marked: criteria with levels, and the credit they add up to."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from question_bank.shapes import Shape, Text


class InvalidMarks(Exception):
    """Marks that the rubric does not offer; the message is for the person who gave them."""


class RubricLevel(Shape):
    """What an answer shows at a level of a criterion, and what that is worth."""

    points: Annotated[int, Field(ge=0, le=10)]
    text: Text


class Criterion(Shape):
    """One thing that is judged, apart from the others; levels ascend from 0 points.

    `name` is what the fellow is told while writing, so it gives no key away; `text` says what is
    judged, to those who mark and afterwards. Without one the name says it all.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    text: Annotated[Text, StringConstraints(max_length=400)] | None = None
    levels: Annotated[tuple[RubricLevel, ...], Field(min_length=2, max_length=5)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        points = [level.points for level in self.levels]
        if points[0] != 0 or points != sorted(set(points)):
            raise ValueError("levels begin at 0 points and ascend")
        return self

    @property
    def most(self) -> int:
        """The points of the highest level."""
        return self.levels[-1].points

    @property
    def in_full(self) -> str:
        """Its name, and what is judged."""
        return f"{self.name}: {self.text}" if self.text else self.name

    @property
    def in_words(self) -> str:
        """All levels in one line."""
        return " ".join(f"{each.points}: {each.text.rstrip('.')}." for each in self.levels)


def rubric_credit(rubric: Sequence[Criterion], levels: Sequence[int]) -> Fraction:
    """Return the points of the chosen levels as a share of all points, in [0, 1], exact.

    Args:
        rubric: The criteria.
        levels: The zero-based level chosen for each of them.

    Raises:
        InvalidMarks: a criterion without a level, or a level that it does not have.
    """
    if len(levels) != len(rubric):
        raise InvalidMarks("Choose a level for every criterion.")
    for criterion, level in zip(rubric, levels, strict=True):
        if not 0 <= level < len(criterion.levels):
            raise InvalidMarks(f"“{criterion.name}” has no such level.")
    earned = sum(c.levels[level].points for c, level in zip(rubric, levels, strict=True))
    return Fraction(earned, sum(criterion.most for criterion in rubric))
