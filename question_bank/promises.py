"""What a change of its terms gives a fellow who has been given a quiz, or takes from the fellow."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from question_bank.terms import Feedback, Terms

_ENDLESS = timedelta.max
_AT_ONCE = datetime.min.replace(tzinfo=UTC)


class Promise(StrEnum):
    """What terms promise; the order of the members is that in which changes are said."""

    OPENS = "opens"
    DUE = "due"
    CLOSES = "closes"
    LIMIT = "limit"
    ATTEMPTS = "attempts"
    CLOCK = "clock"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Standpoint:
    """How far a fellow is with a quiz, and under which terms.

    `begun` attempts in all; the newest `runs` until `ends`, if it was not handed in.
    """

    terms: Terms
    begun: int = 0
    runs: bool = False
    ends: datetime | None = None


@dataclass(frozen=True)
class Shift:
    """That something promised is better for the fellow than it was, or worse."""

    promise: Promise
    better: bool


def shifts(before: Standpoint, after: Standpoint, now: datetime) -> tuple[Shift, ...]:
    """Return what has changed for a fellow, as far as it matters to who stands there.

    Windows, limits and attempts matter to who may begin another attempt, the due date also to who
    is answering, and when answers are shown to everybody.
    """
    now_and_then = (before, after)
    matters = {Promise.ANSWERS}
    if any(each.terms.may_begin(each.begun, now) for each in now_and_then):
        matters |= {Promise.OPENS, Promise.DUE, Promise.CLOSES, Promise.LIMIT, Promise.ATTEMPTS}
    if before.runs:
        matters |= {Promise.DUE, Promise.CLOCK}
    worths = [_worths(each, now) for each in now_and_then]
    return tuple(
        Shift(promise, better=worths[1][promise] > worths[0][promise])
        for promise in Promise
        if promise in matters and worths[0][promise] != worths[1][promise]
    )


def takes_away(before: Terms, after: Terms, now: datetime) -> bool:
    """Return whether anybody may have less by a change than all were promised.

    Results that are shown earlier cut short the windows that were widened for somebody.
    """
    changes = shifts(Standpoint(before), Standpoint(after), now)
    return after.results < before.results or any(not each.better for each in changes)


def _worths(place: Standpoint, now: datetime) -> dict[Promise, float]:
    """Return how much each promise is worth; more is better."""
    terms = place.terms
    begins = max(terms.opens, now)
    limit = terms.limit(begins)
    shown = terms.results if terms.policy is Feedback.CLOSED else _AT_ONCE
    return {
        Promise.OPENS: -begins.timestamp(),
        Promise.DUE: terms.due.timestamp(),
        Promise.CLOSES: terms.closes.timestamp(),
        Promise.LIMIT: (_ENDLESS if limit is None else limit).total_seconds(),
        Promise.ATTEMPTS: terms.attempts,
        Promise.CLOCK: place.ends.timestamp() if place.ends else 0,
        Promise.ANSWERS: -(shown - _AT_ONCE).total_seconds(),
    }
