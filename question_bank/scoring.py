"""From credit to points to a score, in exact numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

from question_bank.analysis.intervals import wilson

FIGURE = 10
"""From this many items on a share is shown, with its interval."""


def basis_points(share: Fraction | float) -> int:
    """Return a share, 0 to 1, in 1/10,000, as it is kept.

    Halves, taken exactly, go up; but what is kept says the same `percent` as the share itself, and
    is 0 or 10,000 only where nothing or everything is earned. For that it may be off by up to 1.
    """
    exact = Fraction(share) * 10_000
    nearest = floor(exact + Fraction(1, 2))
    if nearest % 100 == 50 and exact < nearest:
        nearest -= 1
    return _between(nearest, exact, 10_000)


def percent(share: Fraction | float) -> int:
    """Return a share, 0 to 1, as whole percent: the one rounding of shares.

    Halves, taken exactly, go up. It is 0 or 100 only where nothing or everything is earned: of
    9.97 out of 10 nobody says 100 %.
    """
    exact = Fraction(share) * 100
    return _between(floor(exact + Fraction(1, 2)), exact, 100)


def _between(rounded: int, exact: Fraction, whole: int) -> int:
    """Return *rounded*, but neither 0 nor *whole* where *exact* lies between them."""
    return min(max(rounded, 1), whole - 1) if 0 < exact < whole else rounded


def amount(credits: Fraction) -> str:  # noqa: A002
    """Return a sum of credits as people read it: "21", "20.5", "0.96".

    It has one decimal where there is partial credit, and more if it would look whole otherwise;
    halves go up.
    """
    if credits.denominator == 1:
        return str(credits.numerator)
    unit = 10
    while (parts := floor(credits * unit + Fraction(1, 2))) % unit == 0:
        unit *= 10
    whole, part = divmod(parts, unit)
    return f"{whole}.{part:0{len(str(unit)) - 1}}"


@dataclass(frozen=True)
class EarnedCredit:
    """What one response earned. `credit` is in [0, 1]; None: the item is left out."""

    credit: Fraction | None
    points: int
    approach: str
    topic: str


@dataclass(frozen=True)
class Tally:
    """x of n: the sum of credits, and how many items it is of."""

    correct: Fraction
    items: int

    @property
    def share(self) -> Fraction | None:
        """x / n, in [0, 1]; None without items."""
        return self.correct / self.items if self.items else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share; None without items."""
        return wilson(self.correct, self.items) if self.items else None

    @property
    def is_figure(self) -> bool:
        """Whether it stands on enough items to say the share and its interval."""
        return self.items >= FIGURE

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(self.correct + other.correct, self.items + other.items)


@dataclass(frozen=True)
class Score:
    """What an attempt earned.

    `basis_points` is earned / possible in 1/10,000 (see there); 0 where nothing could be
    earned. `items` were counted, `left_out` were not.
    """

    basis_points: int
    earned: Fraction
    possible: int
    items: int
    left_out: int
    by_approach: dict[str, Tally]


def tally(credits: Iterable[Fraction]) -> Tally:  # noqa: A002
    """Return the sum and the number of *credits*."""
    earned = list(credits)
    return Tally(_sum(earned), len(earned))


def _sum(fractions: Iterable[Fraction]) -> Fraction:
    """Return the sum, exact; adding up what has one denominator first spares most of the work."""
    numerators: dict[int, int] = {}
    for each in fractions:
        part, whole = each.as_integer_ratio()
        numerators[whole] = numerators.get(whole, 0) + part
    common = lcm(*numerators)
    return Fraction(sum(part * (common // whole) for whole, part in numerators.items()), common)


def score(responses: Iterable[EarnedCredit]) -> Score:
    """Return the score of *responses*: points are credit times weight, left-out items apart.

    Subscores per approach count items, not points, so that x of n can be said.
    """
    every = list(responses)
    counted = [(each, each.credit) for each in every if each.credit is not None]
    earned = _sum(credit if each.points == 1 else credit * each.points for each, credit in counted)
    possible = sum(each.points for each, _ in counted)
    by_approach: dict[str, list[Fraction]] = {}
    for each, credit in counted:
        by_approach.setdefault(each.approach, []).append(credit)
    return Score(
        basis_points=basis_points(earned / possible) if possible else 0,
        earned=earned,
        possible=possible,
        items=len(counted),
        left_out=len(every) - len(counted),
        by_approach={approach: tally(each) for approach, each in by_approach.items()},
    )
