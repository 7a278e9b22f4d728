"""What a change of its terms gives a fellow who has been given a quiz, or takes from the fellow."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from question_bank.terms import Feedback, Terms, Unfinished

_ENDLESS = timedelta.max
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Promise(StrEnum):
    """What terms promise; the order of the members is that in which changes are said."""

    OPENS = "opens"
    DUE = "due"
    CLOSES = "closes"
    LIMIT = "limit"
    ATTEMPTS = "attempts"
    CLOCK = "clock"
    UNFINISHED = "unfinished"
    FREEZES = "freezes"
    ANSWERS = "answers"


_ANSWERING = (Promise.DUE, Promise.UNFINISHED, Promise.FREEZES)
"""What matters to who is answering and to who may begin."""


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

    Windows, limits and attempts matter to who may begin another attempt; the due date, freezes and
    what becomes of the unfinished also to who is answering, and when answers are shown to
    everybody.
    """
    now_and_then = (before, after)
    matters = {Promise.ANSWERS}
    if any(each.terms.may_begin(each.begun, now) for each in now_and_then):
        matters |= {Promise.OPENS, Promise.CLOSES, Promise.LIMIT, Promise.ATTEMPTS, *_ANSWERING}
    if before.runs:
        matters |= {Promise.CLOCK, *_ANSWERING}
    worths = [_worths(each, now) for each in now_and_then]
    return tuple(
        Shift(promise, better=_is_better(worths[0][promise], worths[1][promise]))
        for promise in Promise
        if promise in matters and worths[0][promise] != worths[1][promise]
    )


def takes_away(before: Terms, after: Terms, now: datetime) -> bool:
    """Return whether anybody may have less by a change than all were promised.

    Results that are shown earlier cut short the windows that were widened for somebody.
    """
    changes = shifts(Standpoint(before), Standpoint(after), now)
    return after.results < before.results or any(not each.better for each in changes)


def leaves_less(before: Terms, after: Terms) -> bool:
    """Return whether an attempt whose time ends unfinished has less by a change of its terms."""
    return _at_end(after) < _at_end(before)


def kept_until(terms: Terms, ends: datetime) -> datetime:
    """Return up to when an attempt can be handed in whose time *ends* then.

    For ever, if what is saved is handed in anyway.
    """
    return _FOR_EVER if terms.unfinished is Unfinished.HAND_IN else terms.handed_in_by(ends)


_Worth = float | tuple[float, ...]
"""What a promise is worth, in one respect or in several; more is better."""


def _is_better(before: _Worth, after: _Worth) -> bool:
    """Return whether a changed promise is worth less in nothing."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        return all(new >= old for old, new in zip(before, after, strict=True))
    return after > before  # type: ignore[operator]


def _at_end(terms: Terms) -> float:
    if terms.unfinished is Unfinished.HAND_IN:
        return _ENDLESS.total_seconds()
    return terms.grace.total_seconds() if terms.unfinished is Unfinished.GRACE else 0


def _worths(place: Standpoint, now: datetime) -> dict[Promise, _Worth]:
    """Return how much each promise is worth."""
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
        Promise.UNFINISHED: _at_end(terms),
        Promise.FREEZES: (terms.freezes, terms.pause.total_seconds() if terms.freezes else 0),
        Promise.ANSWERS: -(shown - _AT_ONCE).total_seconds(),
    }
