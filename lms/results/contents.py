"""What a result holds."""

from dataclasses import dataclass

from question_bank.case import Exhibit, Reference
from question_bank.feedback import ItemFeedback
from question_bank.scoring import Tally


@dataclass(frozen=True)
class PartResult:
    """A part of a case, with its graded items."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    items: tuple[ItemFeedback, ...]


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

    @property
    def right(self) -> bool:
        """Whether every item has its full credit."""
        return all(item.kind == "good" for item in self.items)


@dataclass(frozen=True)
class Result:
    """A graded attempt. Without `released`, what tells about single items is empty.

    `headline` is the score in one figure: a share, or a count where there are too few items.
    `left_out` items could not be graded, `waiting` ones are yet to be marked by a person.
    `harms` are the choices that would have hurt the patient: the item's position, which, and how.
    `sureness` says how often the fellow was right when sure, leaning and guessing.
    """

    released: bool
    headline: str
    sentence: str
    left_out: int
    waiting: int
    approaches: tuple[tuple[str, Tally], ...]
    cases: tuple[CaseResult, ...]
    harms: tuple[tuple[int, str], ...] = ()
    sureness: tuple[tuple[str, Tally], ...] = ()

    @property
    def missed(self) -> tuple[int, ...]:
        """The positions of the items that earned less than their full credit."""
        items = [item for case in self.cases for item in case.items]
        return tuple(item.position for item in items if item.kind in ("bad", "warn"))
