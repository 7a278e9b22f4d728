"""The verdict on a fellow: whether a word is needed, nothing is, or there is too little to say.

It rests on what is late, on choices that would have hurt a patient, on silence, and on the share of
first answers in a window: the last eight weeks, or the last 40 answers if these go further back,
never from before the membership.

The model: the true share has a Beta prior whose mean is the program's line and which is worth
eight items; *x* of *n* first answers were right (partial credit as it is). The *chance* is that of
a true share below the line: for 70 % it is I(0.70; 5.6 + x, 2.4 + n - x). Every item is taken as
equally hard.

*talk* if something is late; if an unsafe choice of the window was not acknowledged by a mentor; if
    nothing was answered for 21 days in which something was open, leave apart; if the chance over
    all approaches is 80 % or more (from 8 answers on), or 90 % or more in one (from 8 on).
*fine* if none of these, the chance over all is 20 % or less (from 10 answers on), and no approach
    with four answers or more has a chance of 80 % or more.
*too little to say* else.

Approaches with a chance of 80 % or more are to be looked at in every state. The program may set the
line and the thresholds.

How often shares alone lead to talk / fine, by n first answers in the window, which the approaches
share as 2, 5, 2, 1 of 10, 5, 9, 3, 3 of 20, 10, 18, 6, 6 of 40 and 20, 36, 12, 12 of 80
(pharmacological, interventional, rehabilitative, psychological); exact, for a line of 70 %::

     n  all 50%      all 60%      all 70%      all 80%      all 85%      all 90%
    10  0.623/0.011  0.367/0.046  0.150/0.149  0.033/0.376  0.010/0.544  0.002/0.736
    20  0.754/0.006  0.414/0.051  0.120/0.237  0.012/0.629  0.002/0.830  0.000/0.957
    40  0.964/0.000  0.707/0.015  0.226/0.188  0.016/0.714  0.002/0.921  0.000/0.991
    80  0.998/0.000  0.879/0.003  0.281/0.184  0.013/0.865  0.002/0.984  0.000/0.999

     n  interventional 50%, rest 85%  psychological 40%, rest 85%
    10  0.178/0.095                   0.023/0.379
    20  0.275/0.195                   0.011/0.554
    40  0.601/0.121                   0.012/0.368
    80  0.879/0.050                   0.666/0.152

At least one talk in 26 weekly mails, with 5 answers a week and the last 40 counted (simulated,
within 0.03), of a true 70%/80%/85%/90%: 0.82/0.19/0.03/0.00.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from question_bank.analysis.beta import beta_below
from question_bank.scoring import Tally

PRIOR = 8
"""How many items the prior is worth."""

TALK_FROM = 8
"""From how many answers on shares alone may ask for a word."""

FINE_FROM = 10
"""From how many answers on they may say that none is needed."""

BLOCKS_FROM = 4
"""From how many answers on an approach that is to be looked at stands against *fine*."""

SILENCE = timedelta(days=21)
"""After how much open time without an answer a word is needed."""


@dataclass(frozen=True)
class VerdictPolicy:
    """The line of the verdict and its thresholds, in percent.

    `line` is the share of first answers that the program wants. The others are chances that a true
    share lies below it: from `talk` on, over all approaches, a fellow needs a word, and an approach
    is to be looked at; from `approach` on, an approach needs a word; up to `fine`, over all
    approaches, nothing does.
    """

    line: Annotated[int, Field(ge=50, le=90)] = 70
    talk: Annotated[int, Field(ge=60, le=99)] = 80
    approach: Annotated[int, Field(ge=60, le=99)] = 90
    fine: Annotated[int, Field(ge=1, le=40)] = 20


class VerdictState(StrEnum):
    """What there is to say of a fellow."""

    TALK = "talk"
    FINE = "fine"
    TOO_LITTLE = "too little to say"


class Reason(StrEnum):
    """Why a word is needed; the order of the members is that in which they are said."""

    UNSAFE = "unsafe"
    LATE = "late"
    SHARE = "share"
    APPROACH = "approach"
    SILENT = "silent"


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on.

    `approaches` are the first answers of the window, by the approach's id, in the blueprint's
    order. `late` quizzes are overdue or were missed, `unsafe` choices of the window were not
    acknowledged by a mentor, and `silent` is for how long something was open without an answer.
    """

    approaches: Mapping[str, Tally]
    late: int = 0
    unsafe: int = 0
    silent: timedelta = timedelta(0)

    @property
    def total(self) -> Tally:
        """All approaches together."""
        return sum(self.approaches.values(), Tally(Fraction(0), 0))


@dataclass(frozen=True)
class Verdict:
    """What there is to say of a fellow, and why.

    `chance` is that of a true share below the line, 0 to 1, over all approaches, `chances` are
    those of each. To `look_at` are the approaches whose chance is high, of which those in
    `talk_about` are reasons for a word.
    """

    state: VerdictState
    reasons: tuple[Reason, ...]
    evidence: Evidence
    policy: VerdictPolicy
    chance: float
    chances: Mapping[str, float]
    look_at: tuple[str, ...]
    talk_about: tuple[str, ...]

    @property
    def blocked_by(self) -> tuple[str, ...]:
        """The approaches that stand against *fine*."""
        of = self.evidence.approaches
        return tuple(each for each in self.look_at if of[each].items >= BLOCKS_FROM)


def chance_below(tally: Tally, line: int) -> float:
    """Return the chance, 0 to 1, that the true share lies below *line*, in percent; see above."""
    return chance_of(float(tally.correct), tally.items, line)


@lru_cache(maxsize=50_000)
def chance_of(correct: float, items: int, line: int) -> float:
    """Return the same for a number of correct items that may be expected, not counted."""
    wanted = line / 100
    return beta_below(wanted, PRIOR * wanted + correct, PRIOR * (1 - wanted) + items - correct)


def approach_state(tally: Tally, policy: VerdictPolicy) -> VerdictState:
    """Return what the answers in one approach say, taken alone.

    *talk*, where they are a reason for a word; *fine*, where they would leave none if they were
    all; *too little to say* else.
    """
    chance = chance_below(tally, policy.line)
    if tally.items >= TALK_FROM and chance >= policy.approach / 100:
        return VerdictState.TALK
    if tally.items >= FINE_FROM and chance <= policy.fine / 100:
        return VerdictState.FINE
    return VerdictState.TOO_LITTLE


def verdict(evidence: Evidence, policy: VerdictPolicy) -> Verdict:
    """Return what there is to say on *evidence*; the rule stands above."""
    total = evidence.total
    chance = chance_below(total, policy.line)
    chances = {
        approach: chance_below(tally, policy.line)
        for approach, tally in evidence.approaches.items()
    }
    look_at = tuple(each for each in chances if chances[each] >= policy.talk / 100)
    talk_about = tuple(
        each
        for each, tally in evidence.approaches.items()
        if approach_state(tally, policy) is VerdictState.TALK
    )
    holds = {
        Reason.UNSAFE: evidence.unsafe > 0,
        Reason.LATE: evidence.late > 0,
        Reason.SHARE: total.items >= TALK_FROM and chance >= policy.talk / 100,
        Reason.APPROACH: bool(talk_about),
        Reason.SILENT: evidence.silent >= SILENCE,
    }
    reasons = tuple(reason for reason in Reason if holds[reason])
    found = Verdict(
        VerdictState.TALK, reasons, evidence, policy, chance, chances, look_at, talk_about
    )
    if reasons:
        return found
    fine = total.items >= FINE_FROM and chance <= policy.fine / 100 and not found.blocked_by
    return replace(found, state=VerdictState.FINE if fine else VerdictState.TOO_LITTLE)
