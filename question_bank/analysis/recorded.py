"""What is on record of fellows, and who reads it: what a summary is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from question_bank.analysis.progress import Fact
from question_bank.analysis.silence import Span
from question_bank.analysis.unsafe import ChoiceRecord
from question_bank.standing import Standing


@dataclass(frozen=True)
class Reader:
    """Who reads a summary.

    `takes_quizzes`: the reader is not told what a case taught others, since it may be asked.
    """

    id: int
    takes_quizzes: bool = False

    def may_count(self, fact: Fact, now: datetime) -> bool:
        """Return whether it counts *now*: what fellows may not know yet of their own does not."""
        return fact.fellow_id != self.id or fact.is_told(now)


@dataclass(frozen=True)
class FellowRecord:
    """What is on record of one fellow beside answers and standings.

    `joined`: since when shares may count, by the membership; None: there is none. `mentored`: since
    when news may be told, by the mentorship of who reads it; None: whoever reads is no mentor.
    `told`: up to when who reads was told the news already.
    `answered`: when something was answered last. `away`: leaves.
    """

    joined: datetime | None = None
    mentored: datetime | None = None
    told: datetime | None = None
    answered: datetime | None = None
    away: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Records:
    """What is on record of some fellows.

    `facts` are all of them. `first_graded` says of quizzes, by assignment and fellow, when the
    first attempt, which counts, was first graded. `takeaways` are the lessons of cases by version,
    at least of those of missed items, `choices` the unsafe ones by response. `people` says more of
    fellows, by their ids.
    """

    facts: Sequence[Fact]
    standings: Sequence[Standing]
    first_graded: Mapping[tuple[int, int], datetime]
    takeaways: Mapping[int, str]
    choices: Mapping[int, ChoiceRecord] = field(default_factory=dict)
    people: Mapping[int, FellowRecord] = field(default_factory=dict)
