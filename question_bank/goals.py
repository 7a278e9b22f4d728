"""Goals that a fellow and a mentor agree on, and how far the fellow has come.

A goal counts first answers of one approach or topic that were handed in from its start up to the
end of its day; whoever hands in late, or leaves it to the clock, was in when the time ended. It
looks at the latest of them, as many as its measure names, each time a quiz is handed in:

*met*
    once they earn as much as the measure wants. With "10 items, 8 right" eight right of the first
    eight will do: whatever the next two are, eight of the ten are right. It is met by what is
    certain: an answer that waits for its grade, or of which a mentor may not know yet how it went,
    counts for nothing as yet. So a goal that is met stays so, whatever is known or handed in later.
*missed*
    if its day is over and it is not met, nor could it be by answers that wait, were all of them
    right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from question_bank.scoring import Tally, tally

FEWEST, MOST = 4, 60
"""How many items a measure may name."""

AT_ONCE = 3
"""How many goals of one fellow may be open or proposed at most; another for one counts with it."""


class GoalState(StrEnum):
    """Where a goal stands. *moved*: another one holds in its stead; *declined*: none was agreed."""

    PROPOSED = "proposed"
    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    MOVED = "moved"
    DECLINED = "declined"

    @property
    def is_live(self) -> bool:
        """Whether something can still come of it."""
        return self in LIVE


LIVE = (GoalState.PROPOSED, GoalState.OPEN)


@dataclass(frozen=True)
class Measure:
    """That of the latest so many `items` at least so many are `right`, of an approach or a topic.

    Exactly one of `approach` and `topic` is there, by its id.
    """

    items: int
    right: int
    approach: str | None = None
    topic: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be measured.

        Raises:
            ValueError: a number is out of range, or it is about nothing, or about two things.
        """
        if not FEWEST <= self.items <= MOST or not 1 <= self.right <= self.items:
            raise ValueError(f"{self.right} right of {self.items} items is no measure")
        if (self.approach is None) == (self.topic is None):
            raise ValueError("a measure is about an approach or a topic")

    def is_about(self, approach: str, topic: str) -> bool:
        """Return whether it counts items of that topic, which belongs to that approach."""
        return self.topic == topic if self.approach is None else self.approach == approach


class CountedAnswer(NamedTuple):
    """A first answer that a goal counts, in the order in which such answers are counted.

    `credit` is in [0, 1]; None: it waits for its grade, or a mentor may not know it yet.
    """

    handed_in_at: datetime
    attempt_id: int
    response_id: int
    credit: Fraction | None


@dataclass(frozen=True)
class GoalProgress:
    """How far a fellow has come with a measure.

    Of the latest items that it looks at, `counted` have their credit, and `waiting` are handed in
    but not counted yet. `needed` more items, all right, would meet it; 0 once it is met, which was
    at `met_at`. `may_be_met`: it is met, or could be by answers that wait.
    """

    counted: Tally
    waiting: int
    needed: int
    met_at: datetime | None
    may_be_met: bool

    @property
    def answered(self) -> int:
        """How many of the items are answered."""
        return self.counted.items + self.waiting

    def state(self, *, over: bool) -> GoalState:
        """Return where an agreed goal stands; *over*: its day is."""
        if self.met_at is not None:
            return GoalState.MET
        return GoalState.MISSED if over and not self.may_be_met else GoalState.OPEN


def progress_of(measure: Measure, answers: Iterable[CountedAnswer]) -> GoalProgress:
    """Return how far *answers* have brought a fellow with *measure*.

    Args:
        measure: What is wanted.
        answers: The first answers that it counts, in any order.
    """
    inorder = sorted(answers, key=lambda each: each[:3])
    steps = _latest_at_each_hand_in(measure.items, inorder)
    met_at = next(
        (latest[-1].handed_in_at for latest in steps if _earned(latest, 0) >= measure.right), None
    )
    latest = steps[-1] if steps else []
    known = [each.credit for each in latest if each.credit is not None]
    return GoalProgress(
        counted=tally(known),
        waiting=len(latest) - len(known),
        needed=0 if met_at is not None else _needed(measure, latest),
        met_at=met_at,
        may_be_met=any(_earned(each, 1) >= measure.right for each in steps),
    )


def _latest_at_each_hand_in(
    items: int, inorder: Sequence[CountedAnswer]
) -> list[list[CountedAnswer]]:
    """Return which answers were the latest whenever an attempt had been handed in."""
    steps: list[list[CountedAnswer]] = []
    for _, new in groupby(inorder, key=lambda each: each.attempt_id):
        before = steps[-1] if steps else []
        steps.append([*before, *new][-items:])
    return steps


def _earned(answers: Iterable[CountedAnswer], unknown: int) -> Fraction:
    """Return the sum of credits, each that is not known taken for *unknown*."""
    return sum(
        (Fraction(unknown) if each.credit is None else each.credit for each in answers), Fraction(0)
    )


def _needed(measure: Measure, latest: Sequence[CountedAnswer]) -> int:
    """Return how many more items would do if all are right, whatever the waiting ones are."""
    for more in range(measure.right):
        kept = latest[max(len(latest) - (measure.items - more), 0) :]
        if _earned(kept, 0) + more >= measure.right:
            return more
    return measure.right
