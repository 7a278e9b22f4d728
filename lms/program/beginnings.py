"""Since when mentors look after fellows; a deputy since the mentor does who is away."""

from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.core.clock import at
from lms.core.db import db
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.program.queries import active_with, current


def mentors_since(mentor_ids: Iterable[int], on: date) -> dict[int, date]:
    """Return, for each mentor, when the first of the mentorships that hold on that day began."""
    began = (
        _began(Mentorship.mentor_id, on, Mentorship.mentor_id.in_(list(mentor_ids)))
        .join(User, User.id == Mentorship.fellow_id)
        .where(active_with(Role.FELLOW))
    )
    return {row[0]: row[1] for row in db.session.execute(began)}


def mentored_since(mentor: User, fellow_ids: Iterable[int], on: date) -> dict[int, datetime]:
    """Return since when, in the mentor's zone, that mentor looks after each fellow on that day."""
    began = _began(
        Mentorship.fellow_id,
        on,
        Mentorship.mentor_id == mentor.id,
        Mentorship.fellow_id.in_(list(fellow_ids)),
    )
    rows = db.session.execute(began)
    return {fellow_id: at(day, time(), mentor.time_zone) for fellow_id, day in rows}


def _began(
    of: InstrumentedAttribute[int], on: date, *which: ColumnElement[bool]
) -> Select[int, date]:
    """Return the query for the first day of the mentorships that hold on that day, one for each."""
    away = aliased(Mentorship)
    stands_in = and_(
        away.mentor_id == Mentorship.stands_in_for_id,
        away.fellow_id == Mentorship.fellow_id,
        away.stands_in_for_id.is_(None),
        current(away, on),
    )
    first = func.min(func.coalesce(away.starts_on, Mentorship.starts_on))
    return (
        select(of, first)
        .outerjoin(away, stands_in)
        .where(current(Mentorship, on), *which)
        .group_by(of)
    )
