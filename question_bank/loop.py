"""How the loop goes: what weekly mails asked of mentors, what came of it and how soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from question_bank.scoring import Tally


@dataclass(frozen=True)
class AskedWord:
    """That a word with a fellow was asked for on a day; whether the mentor answered, and how.

    `talked_on` is the day of the talk that answered it; None: there was none, or something else
    was the answer.
    """

    asked_on: date
    answered: bool
    talked_on: date | None = None

    @property
    def days(self) -> int | None:
        """After how many days they talked; 0: on that day, or before the mail was read."""
        return None if self.talked_on is None else max((self.talked_on - self.asked_on).days, 0)


@dataclass(frozen=True)
class LoopMeasures:
    """How many of the words asked for were acknowledged, how soon they talked, and goals met.

    `days` is the median over the `talks`; None: there was none. Goals count once they have ended.
    """

    acknowledged: Tally
    days: float | None
    talks: int
    goals: Tally


def loop_measures(asked: Iterable[AskedWord], *, met: int, missed: int) -> LoopMeasures:
    """Return what the words that were asked for, and the goals that ended, come to."""
    words = list(asked)
    spans = [each.days for each in words if each.days is not None]
    return LoopMeasures(
        acknowledged=Tally(Fraction(sum(each.answered for each in words)), len(words)),
        days=median(spans) if spans else None,
        talks=len(spans),
        goals=Tally(Fraction(met), met + missed),
    )
