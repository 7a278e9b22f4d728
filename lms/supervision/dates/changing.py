"""A change of what an assignment says for all, and what that changes for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.supervision.takers import Taker
from question_bank.promises import Shift
from question_bank.terms import Terms


@dataclass(frozen=True)
class Affected:
    """A fellow before a change and after it, and what it changes for the fellow; maybe nothing."""

    before: Taker
    after: Taker
    shifts: Sequence[Shift]


@dataclass(frozen=True)
class TermsChange:
    """A change of what an assignment says for all, and all whom the assignment concerns.

    `takes_away`: somebody may have less than was promised.
    """

    title: str
    before: Terms
    after: Terms
    shifts: Sequence[Shift]
    takes_away: bool
    affected: Sequence[Affected]

    @property
    def told(self) -> Sequence[Affected]:
        """The fellows for whom something changes."""
        return [each for each in self.affected if each.shifts]
