"""What pages say of what cohorts have had."""

from collections.abc import Iterable
from datetime import datetime

from lms.core.clock import local
from lms.core.figures import plural
from lms.quizzes.given import Had


def say_had(had: Had, items: int, *, zone: str, now: datetime) -> str:
    """Return "12 of these 12 items were given to this cohort in October."

    What is not open as yet will be given. Months are those of *zone*.
    """
    past = [moment for moment in had.moments if moment <= now]
    ahead = [moment for moment in had.moments if moment > now]
    said = []
    if past:
        said.append(f"were given to this cohort in {say_months(past, zone=zone, now=now)}")
    if ahead:
        begin = "will be" if past else "will be given to this cohort"
        said.append(f"{begin} in {say_months(ahead, zone=zone, now=now)}")
    return f"{had.items} of these {plural(items, 'item')} {' or '.join(said)}."


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
