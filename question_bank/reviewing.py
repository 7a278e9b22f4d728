"""How long a review of a case is good for."""

from calendar import monthrange
from datetime import MAXYEAR, date

LONGEST_VALID = 24
"""Months that a review is good for; rules of law are looked at every 12."""


def months_after(day: date, months: int) -> date:
    """Return the day so many months after *day*; the month's last if it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > MAXYEAR:
        return date.max
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
