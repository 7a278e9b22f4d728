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


def say_when(moment: datetime, zone: str) -> str:
    """Return "Fri Nov 27, 5:00 PM Eastern"."""
    there = local(moment, zone)
    return f"{there:%a %b} {there.day}, {there.hour % 12 or 12}:{there:%M %p} {zone_name(zone)}"


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
