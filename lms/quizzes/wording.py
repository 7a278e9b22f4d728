"""What pages say of what cohorts have had."""

from collections.abc import Iterable
from datetime import datetime

from lms.core.clock import local


def say_months(moments: Iterable[datetime], *, zone: str, now: datetime) -> str:
    """Return "October", "September and October" or "July, August and October 2025".

    The year is left out of what is in the same year as *now*.
    """
    there = sorted({(day.year, day.month) for day in (local(each, zone) for each in moments)})
    this_year = local(now, zone).year
    names = [
        f"{datetime(year, month, 1):%B}" + ("" if year == this_year else f" {year}")  # noqa: DTZ001
        for year, month in there
    ]
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
