"""What a job says it has done: what was taken, what could not be, and what was known before."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class LineOutcome(StrEnum):
    """What came of one thing that a job was given."""

    TAKEN = "taken"
    LEFT = "left"
    SAME = "same"


@dataclass(frozen=True)
class ReportLine:
    """What came of one thing. `said`: what was done, or why not. `detail` tells it from others."""

    what: str
    outcome: LineOutcome
    said: tuple[str, ...] = ()
    detail: str = ""


@dataclass
class JobReport:
    """A report as it grows; `remarks` are about all of it."""

    remarks: list[str] = field(default_factory=list)
    lines: list[ReportLine] = field(default_factory=list)

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "JobReport":
        """Return the report that was kept; an empty one, if none was."""
        if kept is None:
            return cls()
        lines = [
            ReportLine(
                each["what"], LineOutcome(each["outcome"]), tuple(each["said"]), each["detail"]
            )
            for each in kept["lines"]
        ]
        return cls(list(kept["remarks"]), lines)

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return asdict(self)

    @property
    def counts(self) -> Counter[LineOutcome]:
        """How many things had each outcome."""
        return Counter(line.outcome for line in self.lines)
