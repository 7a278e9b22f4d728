"""Naming who stands in for a mentor who is away, and ending that.

The mentor names a deputy for the own absence, since nobody else knows of it in time; a director
does it for whoever could not. Both are on record, and the fellows are told either way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from lms.core import audit
from lms.core.audit import Deed
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.people.locking import lock_people
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.deputies.ending import day_before, end_rows
from lms.program.deputies.letters import tell_ended, tell_named
from lms.program.deputies.queries import StandIn, own_mentorships, stand_ins
from lms.program.deputies.wording import say_days
from lms.program.models import Mentorship
from lms.program.services import active_person

MOST_DAYS = 92
"""For how long somebody may stand in; who is away longer hands the fellows over."""


@dataclass(frozen=True)
class Absence:
    """Who is to stand in, with which fellows, from which day to which, both of them included."""

    deputy_id: int
    fellow_ids: Collection[int]
    starts_on: date
    ends_on: date


def away_mentor(actor: User, mentor_id: int) -> User:
    """Return a mentor, roles loaded, for whom *actor*, who is a director or that one, may act.

    Raises:
        NotFound: there is no such mentor, or *actor* may not.
    """
    if actor.id != mentor_id and Role.DIRECTOR not in actor.roles:
        raise NotFound
    mentor = user_by_id(mentor_id)
    if Role.MENTOR not in mentor.roles:
        raise NotFound
    return mentor


def name_deputy(actor: User, mentor_id: int, absence: Absence, *, now: datetime) -> StandIn | None:
    """Let a deputy stand in for a mentor; deputy and fellows are told, and the mentor by others.

    Where the mentorship with a fellow ends before, the standing in ends with it. None: all of it
    was named before, to the day, and nobody is told again.

    Raises:
        NotFound: there is no such mentor, or *actor* is neither that one nor a director.
        Invalid: the days are over, too many or in the wrong order; the deputy is no active mentor;
            no fellow is chosen, or one whom the mentor does not look after in those days, or with
            whom somebody stands in already.
    """
    lock_people(User.id.in_({mentor_id, absence.deputy_id, *absence.fellow_ids}))
    away = away_mentor(actor, mentor_id)
    today = local(now, away.time_zone).date()
    _check_days(absence, today)
    deputy = active_person(absence.deputy_id, Role.MENTOR, "deputy_id")
    if deputy.id == away.id or deputy.id in absence.fellow_ids:
        raise Invalid("Choose another person than who is away, or the fellow.", field="deputy_id")
    rows = _new_rows(away, absence, today)
    if not rows:
        return None
    db.session.add_all(rows)
    db.session.flush()
    audit.record_all(actor, [_deed(row) for row in rows], now=now)
    ids = {row.id for row in rows}
    found = [
        StandIn(kept)
        for each in stand_ins(away.id, today)
        if (kept := tuple(row for row in each.rows if row.id in ids))
    ]
    for each in found:
        tell_named(each, away, actor, now=now)
    return found[0]


def _check_days(absence: Absence, today: date) -> None:
    if absence.ends_on < absence.starts_on:
        raise Invalid("The last day is not before the first.", field="ends_on")
    if absence.starts_on < today:
        raise Invalid("That day is over. Begin today or later.", field="starts_on")
    if (absence.ends_on - absence.starts_on).days >= MOST_DAYS:
        raise Invalid(
            f"At most {MOST_DAYS} days. Who is away longer hands the fellows over.", field="ends_on"
        )
    if not absence.fellow_ids:
        raise Invalid("Choose at least one fellow.", field="fellows")


def _new_rows(away: User, absence: Absence, today: date) -> list[Mentorship]:
    """Return the mentorships to add; those that are there to the day are left out."""
    present = [row for found in stand_ins(away.id, today) for row in found.rows]
    own = own_mentorships(away.id, today)
    rows = []
    for fellow_id in sorted(absence.fellow_ids):
        last = _last_day(own, fellow_id, absence)
        known = [row for row in present if row.fellow_id == fellow_id]
        if any(_is(row, absence, last) for row in known):
            continue
        for row in known:
            _check_apart(row, absence)
        rows.append(
            Mentorship(
                mentor_id=absence.deputy_id,
                fellow_id=fellow_id,
                starts_on=absence.starts_on,
                ends_on=last,
                stands_in_for_id=away.id,
            )
        )
    return rows


def _last_day(own: list[Mentorship], fellow_id: int, absence: Absence) -> date:
    """Return up to when somebody may stand in with a fellow: as long as the mentor would."""
    for row in own:
        ends_on = row.ends_on or date.max
        if row.fellow_id == fellow_id and row.starts_on <= absence.starts_on <= ends_on:
            return min(ends_on, absence.ends_on)
    raise Invalid("Choose fellows whom the mentor looks after on the first day.", field="fellows")


def _is(row: Mentorship, absence: Absence, last: date) -> bool:
    said = (absence.deputy_id, absence.starts_on, last)
    return (row.mentor_id, row.starts_on, row.ends_on) == said


def _check_apart(row: Mentorship, absence: Absence) -> None:
    last = row.ends_on or date.max
    if row.starts_on <= absence.ends_on and absence.starts_on <= last:
        raise Invalid(
            f"{row.mentor.name} stands in with {row.fellow.name} {say_days(row.starts_on, last)} "
            "already. End that first.",
            field="fellows",
        )


def _deed(row: Mentorship) -> Deed:
    after = {
        "deputy_id": row.mentor_id,
        "fellow_id": row.fellow_id,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }
    return Deed("mentorship.stand_in", "mentorship", row.id, after=after)


def stand_in_of(actor: User, mentor_id: int, number: int, *, now: datetime) -> StandIn | None:
    """Return a standing in by its number, which nobody else changes until the commit.

    None: it is over, or was ended.

    Raises:
        NotFound: there is no such mentor, or *actor* is neither that one nor a director.
    """
    lock_people(User.id == mentor_id)
    away = away_mentor(actor, mentor_id)
    today = local(now, away.time_zone).date()
    return next((each for each in stand_ins(mentor_id, today) if each.id == number), None)


def end_stand_in(actor: User, mentor_id: int, number: int, *, now: datetime) -> None:
    """Let a standing in end with yesterday: the mentor is back. Twice is as good as once.

    Raises:
        NotFound: there is no such mentor, or *actor* is neither that one nor a director.
    """
    found = stand_in_of(actor, mentor_id, number, now=now)
    if found is None:
        return
    away = user_by_id(mentor_id)
    today = local(now, away.time_zone).date()
    end_rows(Mentorship.id.in_([row.id for row in found.rows]), last=day_before(today))
    deeds = [Deed("mentorship.stand_in_end", "mentorship", row.id) for row in found.rows]
    audit.record_all(actor, deeds, now=now)
    tell_ended(found, away, now=now)
