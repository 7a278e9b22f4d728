"""What waits for the workers, and since when: progress that somebody watches.

A room that gives workers something to do says how old the oldest of it is (`watched`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.core.clock import utcnow
from lms.core.sweeps import last_sweeps
from lms.workers import SCHEDULE

Oldest = Callable[[datetime], datetime | None]

SWEEP = "sweep"
SWEEPS_LATE = timedelta(minutes=2)
"""How long a sweep may be due: most have been missed twice then."""

BEGAN = utcnow()
"""When this process began; a sweep that was never done counts as if it had been done then."""


@dataclass(frozen=True)
class Backlog:
    """What waits of a kind, `since` when the oldest of it does; None: nobody has seen any.

    `promise`: how long it may wait while all is well.
    """

    what: str
    promise: timedelta
    since: datetime | None
    now: datetime

    @property
    def age(self) -> timedelta:
        """How long it has waited; never negative, as clocks differ."""
        return max(self.now - (self.since or self.now), timedelta(0))

    @property
    def is_late(self) -> bool:
        """Whether it has waited longer than it may."""
        return self.age > self.promise


_watched: dict[str, tuple[timedelta, Oldest]] = {}


def watched(what: str, *, promise: timedelta) -> Callable[[Oldest], Oldest]:
    """Register the query for the moment since which the oldest of *what* waits."""

    def register(oldest: Oldest) -> Oldest:
        _watched[what] = (promise, oldest)
        return oldest

    return register


def all_waiting(now: datetime) -> list[Backlog]:
    """Return what waits of each kind that is watched."""
    return [
        Backlog(what, promise, oldest(now), now) for what, (promise, oldest) in _watched.items()
    ]


@watched(SWEEP, promise=SWEEPS_LATE)
def _most_overdue_sweep(now: datetime) -> datetime | None:
    """Return since when that sweep is due which is so for longest; None: none is."""
    done = last_sweeps()
    due = min(done.get(name, BEGAN) + every for name, every in SCHEDULE.items())
    return due if due < now else None
