"""A change of an assignment in words: what was promised, and what is left of it or added."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.core.clock import local, say_when
from lms.core.figures import (
    plural,
    say_freezes,
    say_minutes,
    say_number,
    say_span,
    say_unfinished,
)
from question_bank.promises import Promise, Shift, Standpoint
from question_bank.terms import Feedback, Terms

NAMES = {
    Promise.OPENS: "Opens",
    Promise.DUE: "Due",
    Promise.CLOSES: "Closes",
    Promise.LIMIT: "Time limit",
    Promise.ATTEMPTS: "Attempts",
    Promise.UNFINISHED: "If time runs out",
    Promise.FREEZES: "Freezes",
    Promise.ANSWERS: "Answers and reasons",
}
"""What an assignment says for all, by the names of its page."""

_TOLD = {
    Promise.OPENS: "“{quiz}” now opens {new}; it was {old}.",
    Promise.DUE: "“{quiz}” is now due {new}; it was {old}.",
    Promise.CLOSES: "“{quiz}” now closes {new}; it was {old}.",
    Promise.LIMIT: "The time limit of “{quiz}” is now {new}; it was {old}.",
    Promise.ATTEMPTS: "You now have {new} for “{quiz}”; it was {old}.",
    Promise.CLOCK: "Your clock of “{quiz}” now ends {new}; it was {old}.",
    Promise.UNFINISHED: "If your time for “{quiz}” runs out, {new}; it was: {old}.",
    Promise.FREEZES: "Freezes of “{quiz}”: {new}; it was: {old}.",
    Promise.ANSWERS: "Answers to “{quiz}” are now shown {new}; it was {old}.",
}

Pair = tuple[Standpoint, Standpoint]
"""Where somebody stands before a change, and after it."""


def said_to_fellow(
    title: str, shifts: Sequence[Shift], places: Pair, *, zone: str, now: datetime
) -> tuple[str, ...]:
    """Return a sentence for each shift: what now holds, and what it was."""
    return tuple(
        _TOLD[each.promise].format(
            quiz=title,
            old=said(each.promise, places[0], zone, now),
            new=said(each.promise, places[1], zone, now),
        )
        for each in shifts
    )


def said(promise: Promise, place: Standpoint, zone: str, now: datetime) -> str:
    """Return what is promised to who stands at *place*, in *zone*."""
    terms = place.terms
    moments = {
        Promise.OPENS: terms.opens,
        Promise.DUE: terms.due,
        Promise.CLOSES: terms.closes,
        Promise.CLOCK: place.ends,
    }
    if promise in moments:
        moment = moments[promise]
        return say_when(moment, zone) if moment else "when it goes on"
    rules = {
        Promise.ATTEMPTS: plural(terms.attempts, "attempt"),
        Promise.LIMIT: say_minutes(terms.limit(max(terms.opens, now))),
        Promise.UNFINISHED: say_unfinished(terms.unfinished, terms.grace),
        Promise.FREEZES: _say_freezes(terms),
        Promise.ANSWERS: "as soon as the last attempt is graded"
        if terms.policy is Feedback.GRADED
        else f"from {say_when(terms.results, zone)} on",
    }
    return rules[promise]


def _say_freezes(terms: Terms) -> str:
    words = say_freezes(terms.freezes, terms.pause)
    return words[:1].lower() + words[1:]


def gained_or_lost(
    shifts: Sequence[Shift], places: Pair, *, zone: str, now: datetime
) -> tuple[str, ...]:
    """Return what a change comes to for who stands there: "two days less"."""
    return tuple(_phrase(each, places, zone, now) for each in shifts)


_FELT = {
    Promise.OPENS: ("open {shift} earlier", "open {shift} later"),
    Promise.DUE: ("due {shift} later", "due {shift} earlier"),
    Promise.CLOSES: ("{shift} more", "{shift} less"),
    Promise.ATTEMPTS: ("{shift} more to begin", "{shift} less to begin"),
    Promise.CLOCK: ("the clock ends later", "the clock ends earlier"),
    Promise.UNFINISHED: ("more is kept if time runs out", "less is kept if time runs out"),
    Promise.FREEZES: ("more freezes", "fewer or shorter freezes"),
    Promise.ANSWERS: ("answers are shown earlier", "answers are shown later"),
}
"""What is said of a shift for the better, and of one for the worse."""


def _phrase(shift: Shift, places: Pair, zone: str, now: datetime) -> str:
    if shift.promise is Promise.LIMIT:
        return _limit(places, now)
    old, new = (each.terms for each in places)
    by = {
        Promise.OPENS: say_shift(old.opens, new.opens, zone),
        Promise.DUE: say_shift(old.due, new.due, zone),
        Promise.CLOSES: say_shift(old.closes, new.closes, zone),
        Promise.ATTEMPTS: plural(abs(new.attempts - old.attempts), "attempt"),
    }
    better, worse = _FELT[shift.promise]
    return (better if shift.better else worse).format(shift=by.get(shift.promise, ""))


def _limit(places: Pair, now: datetime) -> str:
    old, new = (each.terms.limit(max(each.terms.opens, now)) for each in places)
    if new is None:
        return "no time limit any more"
    if old is None:
        return f"a time limit of {new / timedelta(minutes=1):g} minutes"
    more = "more" if new > old else "less"
    return f"{abs(new - old) / timedelta(minutes=1):g} minutes {more} for an attempt"


def say_shift(old: datetime, new: datetime, zone: str) -> str:
    """Return by how much clocks in *zone* show another time: "two days", "90 minutes"."""
    walls = [local(each, zone).replace(tzinfo=None) for each in (old, new)]
    span = abs(walls[1] - walls[0]) or abs(new - old)
    days = span // timedelta(days=1)
    if span == timedelta(days=days):
        return f"{say_number(days)} day{'' if days == 1 else 's'}"
    hours = span // timedelta(hours=1)
    if span == timedelta(hours=hours):
        return f"{say_number(hours)} hour{'' if hours == 1 else 's'}"
    return (
        f"{span // timedelta(minutes=1)} minutes" if span < timedelta(hours=4) else say_span(span)
    )
