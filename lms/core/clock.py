"""The one clock, and how moments are said to people."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.core.errors import Invalid

_SPOKEN = {
    "America/New_York": "Eastern",
    "America/Detroit": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "UTC": "UTC",
}


def utcnow() -> datetime:
    """Return the present moment. Views, tasks and commands ask; everything else is told."""
    return datetime.now(UTC)


def zone_name(zone: str) -> str:
    """Return how *zone* is named after a time: "Eastern", or the city for others."""
    return _SPOKEN.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ") + " time"


def local(moment: datetime, zone: str) -> datetime:
    """Return *moment* as the clocks in *zone* show it."""
    return moment.astimezone(ZoneInfo(zone))


def say_day(moment: datetime, zone: str) -> str:
    """Return "Fri Nov 27"."""
    there = local(moment, zone)
    return f"{there:%a %b} {there.day}"


def say_date(day: date) -> str:
    """Return "Nov 27, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"


def say_time(moment: datetime, zone: str) -> str:
    """Return "10:42:07", as on a 24-hour clock."""
    return f"{local(moment, zone):%H:%M:%S}"


def say_hour(moment: datetime, zone: str, *, letters: bool = False) -> str:
    """Return "5:00 PM"; "1:30 AM EDT" where clocks show that twice, or *letters* are wanted."""
    there = local(moment, zone)
    hour = f"{there.hour % 12 or 12}:{there:%M %p}"
    return f"{hour} {zone_letters(moment, zone)}" if letters or _comes_twice(there) else hour


def say_when(moment: datetime, zone: str) -> str:
    """Return "Fri Nov 27, 5:00 PM Eastern"; "Sun Nov 1, 1:30 AM EDT" where that comes twice."""
    named = "" if _comes_twice(local(moment, zone)) else f" {zone_name(zone)}"
    return f"{say_day(moment, zone)}, {say_hour(moment, zone)}{named}"


def zone_letters(moment: datetime, zone: str) -> str:
    """Return how *zone* is called at *moment*: "EDT", or "UTC+0545" where it has no letters."""
    name = f"{local(moment, zone):%Z}"
    return f"UTC{name}" if name[:1] in "+-" else name


def readings(wall: datetime, zone: str, *, skipped: bool = False) -> tuple[datetime, ...]:
    """Return the moments, in UTC and in order, at which clocks in *zone* show *wall*.

    One, mostly; two in the hour that comes twice when clocks go back. None in the hour that they
    skip, or, if that is to be *skipped* over, what it would be on either side.
    """
    there = wall.replace(tzinfo=ZoneInfo(zone))
    moments = {there.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = (each for each in sorted(moments) if skipped or _wall(local(each, zone)) == wall)
    return tuple(shown)


def _wall(there: datetime) -> datetime:
    return there.replace(tzinfo=None, fold=0)


def _comes_twice(there: datetime) -> bool:
    """Whether clocks there show the same once more, an hour or so before or after."""
    offsets = {there.replace(fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) == 2


def at(day: date, hour: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks in *zone* show *hour* on *day*."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def week_of(day: date) -> str:
    """Return the ISO week of *day*, as "2026-W47"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """Return the Monday that *week* ("2026-W47") starts with.

    Raises:
        Invalid: *week* is not an ISO week.
    """
    try:
        monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
    except ValueError:
        monday = None
    if monday is None or week_of(monday) != week:  # strptime takes W53 in any year
        raise Invalid(f"“{week}” is not a week. Write a week as 2026-W47.")
    return monday


def sunday_of(week: str) -> date:
    """Return the Sunday that *week* ("2026-W47") ends with; errors as `monday_of`."""
    return monday_of(week) + timedelta(days=6)


def week_bounds(week: str, zone: str) -> tuple[datetime, datetime]:
    """Return when *week* starts and ends (exclusive) in *zone*, as moments in UTC."""
    monday = monday_of(week)
    midnight = time()
    return at(monday, midnight, zone), at(monday + timedelta(days=7), midnight, zone)
