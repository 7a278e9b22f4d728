"""How many more first answers would settle what a verdict leaves open, if any soon would."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from question_bank.scoring import Tally
from question_bank.verdict import FINE_FROM, TALK_FROM, Reason, Verdict, VerdictState, chance_of

MOST = 40
"""Up to how many answers a number is said; what would need more is not settled soon."""


@dataclass(frozen=True)
class Need:
    """How many more first answers would settle something.

    `approach` is which approach they belong to; None: any. `more` is how many; None: not even
    `MOST` would do. `tenths` is how many in ten of them are right; None: as many as so far.
    """

    approach: str | None
    more: int | None
    tenths: int | None = None


def needs_of(found: Verdict) -> tuple[Need, ...]:
    """Return what would settle the shares of a verdict; nothing where they leave nothing open.

    Where there is too little to say, the share over all is settled once it says *talk* or *fine*,
    if answers go on like this. One that asks for a word is settled, once it says *fine*, by answers
    that are well above the line; an approach that does so, or that stands against *fine*, once it
    need not be looked at any more.
    """
    approaches = dict.fromkeys((*found.talk_about, *found.blocked_by))
    needs = [_in_approach(found, approach) for approach in approaches]
    return (*_over_all(found), *needs)


def _over_all(found: Verdict) -> tuple[Need, ...]:
    total, policy = found.evidence.total, found.policy

    def is_fine(items: int, chance: float) -> bool:
        return items >= FINE_FROM and chance <= policy.fine / 100

    def is_settled(items: int, chance: float) -> bool:
        return is_fine(items, chance) or (items >= TALK_FROM and chance >= policy.talk / 100)

    if Reason.SHARE in found.reasons:
        tenths = well_above(policy.line)
        return (Need(None, _more(total, Fraction(tenths, 10), policy.line, is_fine), tenths),)
    if found.state is not VerdictState.TOO_LITTLE or is_fine(total.items, found.chance):
        return ()
    if total.share is None:
        return (Need(None, FINE_FROM),)
    return (Need(None, _more(total, total.share, policy.line, is_settled)),)


def _in_approach(found: Verdict, approach: str) -> Need:
    policy, tenths = found.policy, well_above(found.policy.line)

    def need_not_be_looked_at(_items: int, chance: float) -> bool:
        return chance < policy.talk / 100

    tally = found.evidence.approaches[approach]
    rate = Fraction(tenths, 10)
    return Need(approach, _more(tally, rate, policy.line, need_not_be_looked_at), tenths)


def well_above(line: int) -> int:
    """Return how many in ten are well above *line*, a share in percent: 8 for 70, 10 at most."""
    return min(ceil(line / 10) + 1, 10)


def _more(
    tally: Tally, rate: Fraction, line: int, settles: Callable[[int, float], bool]
) -> int | None:
    """Return after how many more answers, *rate* of them right, it is settled; None: not soon."""
    for more in range(1, MOST + 1):
        correct, items = tally.correct + rate * more, tally.items + more
        if settles(items, chance_of(float(correct), items, line)):
            return more
    return None
