"""How many items of one approach could settle what there is to say of it.

An approach is settled once its answers, taken alone, say *talk* or *fine* by the rule of `verdict`.
A quiz that can only confirm one of them proves nothing, so a short quiz has the fewest items with
which both are still possible: all right would say *fine*, none right *talk*. It promises neither:
where the true share is near the line, the answers may leave it open again.
"""

from fractions import Fraction

from question_bank.scoring import Tally
from question_bank.verdict import Verdict, VerdictPolicy, VerdictState, approach_state

FEWEST, MOST = 5, 20
"""How many items a short quiz has."""


def is_open(found: Verdict, approach: str) -> bool:
    """Return whether there is too little to say of an approach.

    Raises:
        KeyError: the verdict knows no such approach.
    """
    tally = found.evidence.approaches[approach]
    return approach_state(tally, found.policy) is VerdictState.TOO_LITTLE


def items_to_settle(found: Verdict, approach: str) -> int | None:
    """Return how many more items could settle an approach either way, `FEWEST` to `MOST`.

    None: it is settled, or no short quiz can.

    Raises:
        KeyError: the verdict knows no such approach.
    """
    if not is_open(found, approach):
        return None
    tally, policy = found.evidence.approaches[approach], found.policy
    enough = (more for more in range(FEWEST, MOST + 1) if _can_settle(tally, more, policy))
    return next(enough, None)


def _can_settle(tally: Tally, more: int, policy: VerdictPolicy) -> bool:
    none, every = (tally + Tally(Fraction(right), more) for right in (0, more))
    return (
        approach_state(none, policy) is VerdictState.TALK
        and approach_state(every, policy) is VerdictState.FINE
    )
