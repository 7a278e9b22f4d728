"""Quizzes as calendar programs read them (RFC 5545): when each is due, and when it closes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from lms.core.clock import say_when
from lms.core.figures import plural
from question_bank.standing import Standing

READ_AGAIN = timedelta(hours=4)
"""After how long programs are asked to read a calendar again."""

_SUMMARY = {
    "done": "Handed in: {}",
    "missed": "Missed: {}",
    "abandoned": "Not handed in in time: {}",
}


def calendar_file(
    standings: Iterable[Standing],
    *,
    name: str,
    zone: str,
    address_of: Callable[[int], str],
    now: datetime,
) -> bytes:
    """Return the calendar of a fellow who stands so with what was assigned.

    Times are in UTC, which every program shows in the zone of its reader; sentences name *zone*.
    How long an attempt takes is said as one number: calendars are shared with others, and what
    multiplies it is private.

    Args:
        standings: What is in it.
        name: What the calendar is called.
        zone: That of the fellow.
        address_of: Gives the address of an assignment's rules by its id.
        now: When it is read.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{name}//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", READ_AGAIN)
    for standing in standings:
        address = address_of(standing.assignment.id)
        for event in _events(standing, zone, address, now):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(standing: Standing, zone: str, address: str, now: datetime) -> Iterator[Event]:
    """Yield when it is due, and, of what is not handed in, when it closes if that is later."""
    title = standing.assignment.title
    summary = _SUMMARY.get(standing.state, "Due: {}").format(title)
    yield _event(standing, "due", standing.due, summary, zone, address, now)
    if standing.state not in _SUMMARY and standing.closes != standing.due:
        closing = f"Closes: {title}"
        yield _event(standing, "closes", standing.closes, closing, zone, address, now)


def _event(
    standing: Standing,
    what: str,
    at: datetime,
    summary: str,
    zone: str,
    address: str,
    now: datetime,
) -> Event:
    event = Event()
    event.add("uid", f"assignment-{standing.assignment.id}-{what}@{standing.fellow_id}.pain-rounds")
    event.add("dtstamp", now)
    event.add("dtstart", at)
    event.add("summary", summary)
    event.add("description", _described(standing, zone, now))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


def _described(standing: Standing, zone: str, now: datetime) -> str:
    terms = standing.assignment.terms
    limit = terms.limit(max(now, terms.opens))
    minutes = limit and limit / timedelta(minutes=1)
    time = f"{minutes:g} minutes for an attempt" if minutes else "no time limit"
    return "\n".join(
        (
            f"{plural(standing.items, 'item').capitalize()}, {time}.",
            f"Open from {say_when(terms.opens, zone)} to {say_when(terms.closes, zone)}.",
            f"Due {say_when(terms.due, zone)}.",
        )
    )
