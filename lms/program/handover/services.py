"""Handing a fellow over: one mentorship ends with the day before another begins."""

from datetime import date, datetime

from sqlalchemy import or_, select

from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.people.locking import lock_people
from lms.people.models import User
from lms.program.deputies.ending import day_before
from lms.program.models import Mentorship
from lms.program.queries import mentorship_by_id
from lms.program.services import end_mentorship, start_mentorship


def held_mentorship(mentorship_id: int, mentor_id: int) -> Mentorship:
    """Return a mentorship of a mentor's own, whose fellow nobody else gives away until the commit.

    Who is to be the mentor instead is locked by the same call.

    Raises:
        NotFound: there is none with that id.
    """
    found = mentorship_by_id(mentorship_id)
    if found is None or found.stands_in_for_id is not None:
        raise NotFound
    lock_people(User.id.in_((found.fellow_id, mentor_id)))
    held = mentorship_by_id(mentorship_id)
    if held is None:
        raise NotFound
    return held


def hand_over(
    actor: User, mentorship_id: int, *, mentor_id: int, starts_on: date, now: datetime
) -> bool:
    """Let another mentor look after a fellow from *starts_on*, and the one of before no longer.

    Who mentors the fellow already, as a second mentor, goes on; then it returns False. Twice is
    as good as once.

    Raises:
        NotFound: there is no such mentorship.
        Invalid: the other is the same, no active mentor or the fellow, or the day is not after the
            first one of the mentorship.
    """
    former = held_mentorship(mentorship_id, mentor_id)
    if mentor_id == former.mentor_id:
        raise Invalid("Choose another mentor.", field="person_id")
    if starts_on <= former.starts_on:
        raise Invalid(
            f"It began on {say_date(former.starts_on)}. Hand over on a later day.",
            field="starts_on",
        )
    is_new = not _looks_after(mentor_id, former.fellow_id, starts_on)
    if is_new:
        start_mentorship(
            actor,
            mentor_id=mentor_id,
            fellow_id=former.fellow_id,
            starts_on=starts_on,
            ends_on=former.ends_on if former.ends_on and former.ends_on >= starts_on else None,
            now=now,
        )
    last = day_before(starts_on)
    if former.ends_on is None or former.ends_on > last:
        end_mentorship(actor, mentorship_id, ends_on=last, now=now)
    return is_new


def _looks_after(mentor_id: int, fellow_id: int, day: date) -> bool:
    """Return whether a mentor's own mentorship holds from *day* on."""
    covering = select(Mentorship.id).where(
        Mentorship.mentor_id == mentor_id,
        Mentorship.fellow_id == fellow_id,
        Mentorship.stands_in_for_id.is_(None),
        Mentorship.starts_on <= day,
        or_(Mentorship.ends_on.is_(None), Mentorship.ends_on >= day),
    )
    return db.session.scalar(covering.limit(1)) is not None
