"""Ending that somebody stands in: a row that has not begun is forgotten, as nothing came of it."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, update

from lms.core.db import db
from lms.program.models import Mentorship

_DAY = timedelta(days=1)


def end_with(away_id: int, fellow_id: int, *, last: date) -> None:
    """Let nobody stand in for a mentor with a fellow after *last*."""
    end_rows(Mentorship.stands_in_for_id == away_id, Mentorship.fellow_id == fellow_id, last=last)


def end_rows(*which: ColumnElement[bool], last: date) -> None:
    """Let mentorships of deputies end with *last*, if they do not before."""
    later = (Mentorship.stands_in_for_id.is_not(None), *which, Mentorship.ends_on > last)
    db.session.execute(delete(Mentorship).where(*later, Mentorship.starts_on > last))
    db.session.execute(update(Mentorship).where(*later).values(ends_on=last))


def day_before(day: date) -> date:
    """Return the day before *day*."""
    return day - _DAY
