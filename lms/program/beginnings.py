"""Since when mentors look after fellows; a deputy knows all that the mentor does who is away."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
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


def mentored_since(mentors: Iterable[User], on: date) -> dict[int, dict[int, datetime]]:
    """Return since when, in the own zone, each mentor looks after each fellow of that day.

    Who looks after nobody is not in it.
    """
    zones = {mentor.id: mentor.time_zone for mentor in mentors}
    away = aliased(Mentorship)
    stands_in = and_(
        away.mentor_id == Mentorship.stands_in_for_id,
        away.fellow_id == Mentorship.fellow_id,
        away.stands_in_for_id.is_(None),
        current(away, on),
    )
    first = func.min(func.coalesce(away.starts_on, Mentorship.starts_on))
    rows = db.session.execute(
        select(Mentorship.mentor_id, Mentorship.fellow_id, first)
        .outerjoin(away, stands_in)
        .where(Mentorship.mentor_id.in_(list(zones)), current(Mentorship, on))
        .group_by(Mentorship.mentor_id, Mentorship.fellow_id)
    )
    found: dict[int, dict[int, datetime]] = {}
    for mentor_id, fellow_id, day in rows:
        found.setdefault(mentor_id, {})[fellow_id] = at(day, time(), zones[mentor_id])
    return found


def all_fellows_of(
    mentor_ids: Iterable[int], on: date, *, since: date | None = None
) -> dict[int, list[User]]:
    """Return the active fellows whom each mentor looks after on that day, by name.

    *since*: only those whom the mentor has looked after from that day on, or longer, or looks
    after as a deputy. Who has none such is not in it.
    """
    is_deputy = Mentorship.stands_in_for_id.is_not(None)
    rows = db.session.execute(
        select(Mentorship.mentor_id, User)
        .join(User, User.id == Mentorship.fellow_id)
        .where(
            Mentorship.mentor_id.in_(list(mentor_ids)),
            current(Mentorship, on),
            *([or_(Mentorship.starts_on <= since, is_deputy)] if since else []),
            active_with(Role.FELLOW),
        )
        .order_by(User.name, User.id)
    )
    found: dict[int, dict[int, User]] = {}
    for mentor_id, fellow in rows:
        found.setdefault(mentor_id, {})[fellow.id] = fellow
    return {mentor_id: list(fellows.values()) for mentor_id, fellows in found.items()}
