"""Standing in, in words."""

from datetime import date

from lms.core.clock import say_date
from lms.core.sight import Sight
from lms.program.deputies.queries import StandIn
from lms.program.models import Mentorship


def say_days(starts_on: date, ends_on: date) -> str:
    """Return "from Nov 23, 2026 to Nov 29, 2026", or "on Nov 23, 2026"."""
    if starts_on == ends_on:
        return f"on {say_date(starts_on)}"
    return f"from {say_date(starts_on)} to {say_date(ends_on)}"


def say_standing_in(row: Mentorship) -> str:
    """Return what a deputy is told of a fellow, of a row whose people are loaded."""
    assert row.stands_in_for is not None, "it is a deputy's"  # noqa: S101
    assert row.ends_on is not None, "a deputy's mentorship has a last day"  # noqa: S101
    return f"You stand in for {row.stands_in_for.name} until {say_date(row.ends_on)}."


def sight_of(found: StandIn) -> Sight:
    """Return who stands in, with whom and for how long."""
    return {
        "Deputy": found.deputy.name,
        "With": ", ".join(found.fellows),
        "From": say_date(found.starts_on),
        "To": say_date(found.ends_on),
    }
