"""Since when mentors look after fellows; a deputy knows all that the mentor does who is away."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from lms.core.clock import at
from lms.core.db import db
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.program.queries import active_with, current


def mentors_since(mentor_ids: Iterable[int], on: date) -> dict[int, date]:
    """Return, for each mentor, when the first of the mentorships that hold on that day began.

    Of a deputy it is the day before: what is due on the first day comes to the deputy already.
    """
    stands_in = Mentorship.stands_in_for_id.is_not(None)
    began = (
        select(Mentorship.mentor_id, stands_in.label("stands_in"), func.min(Mentorship.starts_on))
        .join(User, User.id == Mentorship.fellow_id)
        .where(
            Mentorship.mentor_id.in_(list(mentor_ids)),
            current(Mentorship, on),
            active_with(Role.FELLOW),
        )
        .group_by(Mentorship.mentor_id, stands_in)
    )
    found: dict[int, date] = {}
    for mentor_id, is_deputy, first in db.session.execute(began):
        day = first - timedelta(days=1) if is_deputy else first
        found[mentor_id] = min(day, found.get(mentor_id, day))
    return found


def mentored_since(mentor: User, fellow_ids: Iterable[int], on: date) -> dict[int, datetime]:
    """Return since when, in the mentor's zone, that mentor looks after each fellow on that day."""
    away = aliased(Mentorship)
    stands_in = and_(
        away.mentor_id == Mentorship.stands_in_for_id,
        away.fellow_id == Mentorship.fellow_id,
        away.stands_in_for_id.is_(None),
        current(away, on),
    )
    first = func.min(func.coalesce(away.starts_on, Mentorship.starts_on))
    rows = db.session.execute(
        select(Mentorship.fellow_id, first)
        .outerjoin(away, stands_in)
        .where(
            Mentorship.mentor_id == mentor.id,
            Mentorship.fellow_id.in_(list(fellow_ids)),
            current(Mentorship, on),
        )
        .group_by(Mentorship.fellow_id)
    )
    return {fellow_id: at(day, time(), mentor.time_zone) for fellow_id, day in rows}
