"""How often a mentor gets the digest, on which day, at which hour, and how long it is.

A digest is about an ISO week and has that as its key, "2026-W48". It is due in the week after, on
the weekday and at the hour of the rhythm, and reports up to the midnight with which that day
begins; with Mondays, about the week itself. Where the rhythm was changed, a week may have had its
digest already when another weekday comes: that one has the day on which it is due as its key,
"2026-W49-5". So no two days on which one is due are more than a week apart, however the rhythm is
changed; a change counts the weeks between those for all anew.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from lms.core.clock import at, local, monday_of, week_of
from lms.core.settings import ProgramSetting

WEEK = timedelta(days=7)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

OFTEN: Mapping[int, str] = {1: "every week", 2: "every two weeks", 4: "every four weeks"}
"""How a number of weeks is said."""

FIRST_MONDAY = date(1970, 1, 5)
"""From which on the weeks are counted of a rhythm that nobody has chosen."""


NEARLY = timedelta(hours=22)
"""The midnights of one day lie less apart, wherever a mentor has moved; those of two days more."""

_DAY = re.compile(r"\d{4}-W\d\d-[1-7]")


def _often(weeks: int) -> int:
    if weeks not in OFTEN:
        raise ValueError("the digest comes every week, every two or every four weeks")
    return weeks


@dataclass(frozen=True)
class Rhythm:
    """Every so many `weeks`, on a `weekday` (0: Monday), at an `hour` of the mentor's clock.

    Not `full`: the mail has of each fellow in need why, one talking point and what can be done, and
    no table. In the weeks between, a mail comes only for fellows who need a word.
    """

    weeks: Annotated[int, AfterValidator(_often)] = 1
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    hour: Annotated[int, Field(ge=0, le=23)] = 6
    full: bool = True


DEFAULT_RHYTHM = ProgramSetting("digest.rhythm", Rhythm, Rhythm())
"""The rhythm of mentors who have chosen none."""


@dataclass(frozen=True)
class Told:
    """Up to when a mentor has been told of the fellows, and the keys of the digests that did it."""

    until: datetime | None = None
    weeks: Collection[str] = ()


@dataclass(frozen=True)
class Timetable:
    """A rhythm on the clocks of a zone; its weeks are counted from the week of `since`."""

    rhythm: Rhythm
    zone: str
    since: date = FIRST_MONDAY

    def due_on(self, week: str) -> date:
        """Return the day on which the digest about *week* is due, which may be its key itself.

        Raises:
            Invalid: *week* is neither an ISO week nor a day of one.
        """
        if _DAY.fullmatch(week):
            return monday_of(week[:-2]) + timedelta(days=int(week[-1]) - 1)
        return monday_of(week) + WEEK + timedelta(days=self.rhythm.weekday)

    def bounds(self, week: str) -> tuple[datetime, datetime]:
        """Return from when up to when the digest about *week* reports, if it is the first one.

        It goes back as far as mails for all are apart: what was in a week that is left out is told.
        """
        day = self.due_on(week)
        return at(day - self.rhythm.weeks * WEEK, time(), self.zone), at(day, time(), self.zone)

    def due_day(self, now: datetime) -> date:
        """Return the day on which a digest was due last at *now*."""
        today = local(now, self.zone).date()
        day = today - timedelta(days=(today.weekday() - self.rhythm.weekday) % 7)
        return day if at(day, time(self.rhythm.hour), self.zone) <= now else day - WEEK

    def week_due_on(self, day: date, told: Told) -> str | None:
        """Return the key of the digest that is due on *day*; None: all up to then has been told."""
        midnight = at(day, time(), self.zone)
        if told.until is not None and told.until > midnight - NEARLY:
            return None
        week = week_of(day - WEEK)
        return f"{week_of(day)}-{day.isoweekday()}" if week in told.weeks else week

    def is_for_all(self, week: str) -> bool:
        """Return whether the digest about *week* speaks of all fellows, not of those in need."""
        return self.is_for_all_on(self.due_on(week))

    def is_for_all_on(self, day: date) -> bool:
        """Return the same of the digest that is due on *day*."""
        monday = self.since - timedelta(days=self.since.weekday())
        return (day - monday) // WEEK % self.rhythm.weeks == 0


def say_hour(hour: int) -> str:
    """Return "6:00 AM" for 6."""
    return f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'}"


def say_rhythm(rhythm: Rhythm) -> str:
    """Return "on Mondays at 6:00 AM", or "every two weeks, on Mondays at 6:00 AM"."""
    when = f"on {WEEKDAYS[rhythm.weekday]}s at {say_hour(rhythm.hour)}"
    return when if rhythm.weeks == 1 else f"{OFTEN[rhythm.weeks]}, {when}"
