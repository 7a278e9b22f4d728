"""What a result holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from question_bank.case import Exhibit, Reference
from question_bank.feedback import ItemFeedback
from question_bank.first_answers import AnswerKind
from question_bank.scoring import Tally
from question_bank.terms import Terms


@dataclass(frozen=True)
class PartResult:
    """A part of a case, with its graded items. `reached`: the case had unfolded to it."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    items: tuple[ItemFeedback, ...]
    reached: bool = True

    def without(self, positions: Collection[int]) -> "PartResult":
        """Return the part with nothing of the items at *positions*, nor of itself if unreached."""
        items = tuple(_kept_back(item, positions) for item in self.items)
        if self.reached:
            return replace(self, items=items)
        return replace(self, title="", text="", exhibits=(), items=items)


@dataclass(frozen=True)
class CaseResult:
    """A case with its graded items; without a body if the case cannot be read any more."""

    number: int
    title: str
    parts: tuple[PartResult, ...]
    takeaway: str = ""
    references: tuple[Reference, ...] = ()
    reviewed: bool = False

    @property
    def items(self) -> tuple[ItemFeedback, ...]:
        """The items of all parts."""
        return tuple(item for part in self.parts for item in part.items)

    def without(self, positions: Collection[int]) -> "CaseResult":
        """Return the case with nothing that tells the keys of the items at *positions*.

        Nor does it tell of stages that had not come: these may be asked about yet.
        """
        if not any(item.position in positions for item in self.items):
            return self
        parts = tuple(part.without(positions) for part in self.parts)
        return replace(self, parts=parts, takeaway="", references=())


@dataclass(frozen=True)
class ItemInCase:
    """An item of a result with its case, as far as that had unfolded when it was asked.

    `parts` are empty for an item that is kept back.
    """

    item: ItemFeedback
    case: CaseResult
    parts: tuple[PartResult, ...]

    @property
    def urgency(self) -> int:
        """How soon to look at it: 0 unsafe, 1 sure and missed, 2 missed, 3 partly right, 4 not."""
        if self.item.harms:
            return 0
        if self.item.kind == "bad":
            return 1 if self.item.confidence == "sure" else 2
        return 3 if self.item.kind == "warn" else 4

    @property
    def is_to_look_at(self) -> bool:
        """Whether it was unsafe or earned less than its full credit."""
        return self.urgency < 4


def in_cases(cases: Iterable[CaseResult], kept_back: Collection[int]) -> list[ItemInCase]:
    """Return each item of *cases*, which are without those *kept_back*, with its case, in order."""
    return [
        ItemInCase(item, case, () if item.position in kept_back else told)
        for case in cases
        for number, part in enumerate(case.parts)
        for told in [tuple(each for each in case.parts[: number + 1] if each.text)]
        for item in part.items
    ]


def _kept_back(item: ItemFeedback, positions: Collection[int]) -> ItemFeedback:
    if item.position not in positions:
        return item
    return ItemFeedback(
        position=item.position,
        kind="info",
        title="Its answer waits",
        text="You may be asked the same again, in a quiz that is not handed in yet.",
    )


@dataclass(frozen=True)
class Result:
    """A graded attempt. Without `released`, what tells about single items is empty.

    The terms of its fellow release it at `keys_at`; None: that cannot be foreseen.
    `headline` is the score in one figure: a share, or a count where there are too few items.
    It is without `uncounted` items whose keys wait, unless all do.
    `left_out` items could not be graded, `waiting` ones are yet to be marked by a person, and
    `scored` ones make the score. `withheld` are the positions of items that do not count since
    somebody withheld them, and since when (None: another edition has mended it, and is asked);
    `restored`, of those that count again.
    `harms` are the choices that would have hurt the patient: the item's position, which, and how.
    `sureness` says how often the fellow was right when sure, leaning and guessing. `kept_back` are
    the positions of items whose keys wait, since the fellow is asked the same elsewhere: of them
    nothing is told, and if they are all, nothing is released. `kinds` are those of the answers,
    in no order. `acknowledged` are the positions of harms whose why the fellow has read.
    """

    released: bool
    terms: Terms
    keys_at: datetime | None
    headline: str
    sentence: str
    left_out: int
    waiting: int
    uncounted: int
    approaches: tuple[tuple[str, Tally], ...]
    cases: tuple[CaseResult, ...]
    harms: tuple[tuple[int, str], ...] = ()
    sureness: tuple[tuple[str, Tally], ...] = ()
    kept_back: tuple[int, ...] = ()
    kinds: tuple[AnswerKind, ...] = ()
    withheld: tuple[tuple[int, datetime | None], ...] = ()
    restored: tuple[tuple[int, datetime], ...] = ()
    scored: int = 0
    acknowledged: frozenset[int] = frozenset()

    @property
    def not_reached(self) -> int:
        """How many items were not reached before the time was up."""
        return self.kinds.count(AnswerKind.NOT_REACHED)

    @property
    def repeats(self) -> int:
        """How many answers were none of the first."""
        return sum(not kind.counts for kind in self.kinds) - self.not_reached

    @property
    def transfers(self) -> int:
        """How many first answers came after one to a twin of their case."""
        return self.kinds.count(AnswerKind.TRANSFER)

    @property
    def to_look_at(self) -> tuple[ItemInCase, ...]:
        """What was unsafe or earned less than its full credit, the most urgent first."""
        found = [each for each in self._asked if each.is_to_look_at]
        return tuple(sorted(found, key=lambda each: each.urgency))

    @property
    def apart(self) -> tuple[ItemInCase, ...]:
        """What is not in the score: left out, waiting, or kept back."""
        return tuple(e for e in self._asked if not e.is_to_look_at and e.item.kind == "info")

    @property
    def right(self) -> tuple[ItemInCase, ...]:
        """What has its full credit, and harmed nobody."""
        return tuple(e for e in self._asked if not e.is_to_look_at and e.item.kind == "good")

    @cached_property
    def _asked(self) -> list[ItemInCase]:
        return in_cases(self.cases, self.kept_back)
