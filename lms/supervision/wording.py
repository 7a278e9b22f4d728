"""What the page of an assignment says of who is where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil

from lms.core.clock import local, say_day, say_hour
from lms.supervision.watching import TakenAttempt, Watched
from question_bank.whereabouts import Whereabouts

SIGNS: Mapping[Whereabouts, tuple[str, str]] = {
    Whereabouts.SILENT: ("warn", "warn"),
    Whereabouts.SET_ASIDE: ("bad", "warn"),
    Whereabouts.TIME_UP: ("info", "clock"),
    Whereabouts.IN_GRACE: ("warn", "clock"),
    Whereabouts.RUNNING: ("info", "clock"),
    Whereabouts.FROZEN: ("info", "info"),
    Whereabouts.NOT_BEGUN: ("", "ring"),
    Whereabouts.MISSED: ("warn", "warn"),
    Whereabouts.ABANDONED: ("warn", "warn"),
    Whereabouts.TO_MARK: ("info", "doc"),
    Whereabouts.HANDED_IN: ("info", "doc"),
    Whereabouts.GRADED: ("good", "answer"),
    Whereabouts.WITHDRAWN: ("", "back"),
}
"""The kind and the icon of each tag."""

COUNTED_DOWN = timedelta(hours=12)
"""What is left is counted in minutes up to here; beyond, the moment is said at which it ends."""


def say_short(moment: datetime, zone: str) -> str:
    """Return "Wed Dec 9, 5:00 PM": the zone is said once, on top of the page."""
    return f"{say_day(moment, zone)}, {say_hour(moment, zone)}"


def say_second(moment: datetime, zone: str) -> str:
    """Return "2:06:30 PM"."""
    there = local(moment, zone)
    return f"{there.hour % 12 or 12}:{there:%M:%S %p}"


def say_answered(taken: TakenAttempt | None) -> str:
    """Return "9 of 24"; nothing where nothing was begun."""
    return f"{taken.answered} of {taken.items}" if taken else ""


def say_left(ends: datetime, zone: str, now: datetime) -> str:
    """Return "22 min left", or until when, if that is long."""
    left = ends - now
    if left > COUNTED_DOWN:
        return f"Until {say_short(ends, zone)}"
    minutes = ceil(left / timedelta(minutes=1))
    return f"{minutes} min left" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min left"


def say_time_of(each: Watched, zone: str, now: datetime) -> str:
    """Return what there is to say of a fellow's time, for directors."""
    newest, ends = each.newest, each.standing.runs_until
    if newest is None:
        return _say_before(each, zone)
    if newest.submitted_at is not None:
        return f"Handed in {say_short(newest.submitted_at, zone)}"
    if newest.frozen_at is not None:
        until = newest.frozen_until
        return f"Until {_say_near(until, zone, now)}" if until else "Until it is let go on"
    if each.where is Whereabouts.ABANDONED:
        return f"Time ended {say_short(newest.ended_at, zone)}" if newest.ended_at else ""
    if until := each.standing.hand_in_until:
        return f"Until {_say_near(until, zone, now)}"
    return say_left(ends, zone, now) if ends is not None else ""


def _say_before(each: Watched, zone: str) -> str:
    terms = each.standing.assignment.terms
    if each.where is not Whereabouts.NOT_BEGUN:
        closed = each.where is Whereabouts.MISSED
        return f"Closed {say_short(terms.closes, zone)}" if closed else ""
    if each.away_until is not None:
        return f"On leave until {say_day(each.away_until - timedelta(days=1), zone)}"
    return f"Until {say_short(terms.closes, zone)}"


def say_seen(moment: datetime | None, zone: str, now: datetime) -> str:
    """Return "2:06 PM" of today, "Thu Nov 26" of another day; nothing: never."""
    return "" if moment is None else _say_near(moment, zone, now, hours_of_other_days=False)


def _say_near(
    moment: datetime, zone: str, now: datetime, *, hours_of_other_days: bool = True
) -> str:
    if local(moment, zone).date() == local(now, zone).date():
        return say_hour(moment, zone)
    return say_short(moment, zone) if hours_of_other_days else say_day(moment, zone)


def count_states(states: Iterable[str]) -> list[tuple[int, str]]:
    """Return how many there are of each state, in the order in which they come."""
    return [(count, state[:1].lower() + state[1:]) for state, count in Counter(states).items()]
