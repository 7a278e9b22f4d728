"""For how long a fellow could have answered something, and did not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """A time from a moment on, up to before another one."""

    since: datetime
    until: datetime


def silent_for(
    last: datetime | None, was_open: Iterable[Span], away: Iterable[Span], until: datetime
) -> timedelta:
    """Return for how long something was open to a fellow since the last answer.

    Args:
        last: When the last answer was given; None: none ever was.
        was_open: When something could have been answered; overlapping times count once.
        away: When the fellow was on leave, which does not count.
        until: When it is said.
    """
    cuts = [
        Span(since if last is None else max(since, last), min(end, until))
        for since, end in was_open
    ]
    edges = sorted({moment for span in (*cuts, *away) for moment in span})
    gone = list(away)
    total = timedelta(0)
    for since, end in pairwise(edges):
        if _covered(since, end, cuts) and not _covered(since, end, gone):
            total += end - since
    return total


def _covered(since: datetime, end: datetime, spans: Iterable[Span]) -> bool:
    return any(span.since <= since and end <= span.until for span in spans)
