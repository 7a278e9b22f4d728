"""What a rule is, and what it says."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from question_bank.blueprint import Blueprint
from question_bank.case import Case
from question_bank.rules.reading import CaseReading

Severity = Literal["E", "W", "I"]
"""E keeps a case from being published, W asks for a change or a waiver, I is for the author."""


@dataclass(frozen=True)
class Cure:
    """What one press mends a finding with; `label` is what its button says.

    Either a text is written anew (`before`, `after`: all of it), or the rows of a list are put in
    another `order`, by the places they had, or the row that the field is of goes (`drops`).
    """

    label: str
    before: str = ""
    after: str = ""
    order: tuple[int, ...] = ()
    drops: bool = False


@dataclass(frozen=True)
class Hit:
    """A place that breaks a rule. `level`: where it differs from the rule's own."""

    field: str
    message: str
    mend: str
    level: Severity | None = None
    cure: Cure | None = None


@dataclass(frozen=True)
class BankHit:
    """Something that breaks a rule of the whole bank; `case` is the slug, if it is about one."""

    message: str
    mend: str
    case: str = ""
    other: str = ""


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and how it is mended. `case` is a slug; empty: the bank."""

    rule: str
    level: Severity
    field: str
    message: str
    mend: str
    case: str = ""
    cure: Cure | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Rule:
    """A rule with what looks for it: in a case, or in the bank as a whole.

    `needs` are fields of an item, like `options.text`: one in which such a field is still blank is
    not looked at. What a rule would have against a blank field itself is not said either.
    `waivable`: a case may waive it with a reason though it is of level E, since it goes by words.
    `gravest`: the level of its gravest findings, where that is not its own.
    """

    id: str
    level: Severity
    title: str
    check: Callable[[CaseReading], Iterable[Hit]] | None = None
    check_bank: Callable[[Sequence[Case], Blueprint], Iterable[BankHit]] | None = None
    needs: tuple[str, ...] = ()
    waivable: bool = False
    gravest: Severity | None = None

    @property
    def keeps_back(self) -> bool:
        """Whether it may keep a case from being published."""
        return "E" in (self.level, self.gravest)

    def lets_waive(self, level: Severity) -> bool:
        """Return whether a case may keep a finding of *level*, with a reason."""
        return self.waivable or level != "E"
