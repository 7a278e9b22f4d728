"""How long a review of a case is good for: a state of the case on a day, never of its text."""

from calendar import monthrange
from collections.abc import Collection
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

LONGEST_VALID = 24
"""Months that a review is good for."""

RULES_VALID = 12
"""Months that a review is good for of a case about rules of law and safety, which change sooner."""

OF_RULES = "focus-safety-ethics-regulation"
"""The focus of the blueprint that such a case has."""

AHEAD = timedelta(days=60)
"""How long before its day a review is asked for."""


class ReviewState(StrEnum):
    """What a case wants on a day."""

    NONE = "none"
    DUE = "due"
    OVERDUE = "overdue"


def review_state(review_by: date | None, today: date) -> ReviewState:
    """Return what a case that is to be reviewed by a day wants *today*.

    The day itself still counts. None: nobody has set one, and it wants nothing.
    """
    if review_by is None or today < review_by - AHEAD:
        return ReviewState.NONE
    return ReviewState.OVERDUE if today > review_by else ReviewState.DUE


def next_review(today: date, focus: Collection[str] = ()) -> date:
    """Return the day by which a case that is approved *today* is to be reviewed again.

    By what it is about: *focus* are ids of the blueprint.
    """
    return months_after(today, RULES_VALID if OF_RULES in focus else LONGEST_VALID)


def months_after(day: date, months: int) -> date:
    """Return the day so many months after *day*; the month's last if it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > MAXYEAR:
        return date.max
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
