"""More time in words."""

from collections.abc import Sequence
from datetime import date

from lms.core.clock import say_date
from lms.core.figures import plural
from lms.core.sight import Sight
from lms.program.models import Accommodation, Leave

NO_LIMIT = "No time limit"


def say_percent(percent: int | None) -> str:
    """Return "Time × 1.5"."""
    return NO_LIMIT if percent is None else f"Time × {percent / 100:g}"


def say_allowed(row: Accommodation) -> str:
    """Return "Time × 2, open 3 days longer"."""
    longer = f", open {plural(row.days, 'day')} longer" if row.days else ""
    return say_percent(row.percent) + longer


def say_span_of(row: Accommodation | Leave, today: date) -> str:
    """Return "Since Jan 5, 2026", "From Jan 5, 2027 until Feb 1, 2027"."""
    word = "From" if row.starts_on > today else "Since"
    if row.ends_on is None:
        return f"{word} {say_date(row.starts_on)}"
    return f"From {say_date(row.starts_on)} until {say_date(row.ends_on)}"


def sight_of_accommodation(row: Accommodation) -> Sight:
    """Return what an accommodation gives, and for how long."""
    return {
        "Gives": say_allowed(row),
        "From": say_date(row.starts_on),
        "Until": say_date(row.ends_on) if row.ends_on else "Open",
    }


def sight_of_leave(row: Leave) -> Sight:
    """Return from when to when a leave lasts."""
    return {"From": say_date(row.starts_on), "Until": say_date(row.ends_on)}


def say_own(rows: Sequence[Accommodation], today: date) -> list[str]:
    """Return what a fellow is told of the own accommodations: a sentence each, with its reason."""
    return [f"{say_allowed(row)}. {say_span_of(row, today)}: {row.reason}" for row in rows]
