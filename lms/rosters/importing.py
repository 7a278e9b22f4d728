"""Carrying out a roster."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from lms.core import audit
from lms.core.audit import Deed
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.inserts import insert_all
from lms.people.locking import lock_people
from lms.people.models import User
from lms.program.models import Membership, Mentorship, Track
from lms.program.services import deed_of_member, deed_of_mentorship
from lms.rosters.planning import Plan, PlannedRow, make_plan
from lms.rosters.reading import Roster, read_roster
from lms.signin.inviting import Newcomer, invite_users


def import_roster(
    actor: User | None, text: str, *, time_zone: str, on: date, now: datetime
) -> Plan:
    """Do what `make_plan` says of *text* at this moment, and return it as the report.

    The plan is made again inside the transaction; rows with flaws are left, and a second
    run finds nothing to do. The number of statements does not grow with the number of rows.
    *time_zone* is for new people whose row names none.

    Raises:
        Invalid: the roster cannot be read.
    """
    roster = read_roster(text)
    if roster.problems:
        raise Invalid(roster.problems[0], field="text")
    plan = plan_under_lock(roster, on=on)
    chosen = [planned for planned in plan.rows if planned.outcome == "import"]
    invite_planned(actor, chosen, time_zone, now)
    join_planned(actor, chosen, now)
    counts = {"imported": len(chosen), "left": plan.count("leave"), "known": plan.count("known")}
    audit.record(actor, "roster.import", "roster", None, now=now, after=counts)
    return plan


def plan_under_lock(roster: Roster, *, on: date) -> Plan:
    """Return what importing *roster* would do, which nobody else changes until the commit."""
    db.session.execute(select(Track.id).order_by(Track.id).with_for_update())
    lock_people(User.email.in_(roster.emails))
    return make_plan(roster, on=on)


def invite_planned(
    actor: User | None, chosen: Sequence[PlannedRow], time_zone: str, now: datetime
) -> None:
    """Invite who is new."""
    rows = [planned.row for planned in chosen if planned.user is None]
    newcomers = [
        Newcomer(row.email, row.name, row.roles, row.time_zone or time_zone) for row in rows
    ]
    invite_users(actor, newcomers, now=now)


def join_planned(actor: User | None, chosen: Sequence[PlannedRow], now: datetime) -> None:
    """Begin the memberships and mentorships that were planned, all at once.

    What `add_member` and `start_mentorship` check, the plan has checked, of people whom nobody
    else changes meanwhile.
    """
    ids = _ids(chosen)
    members = insert_all(Membership, [row for one in chosen for row in _memberships(one, ids)])
    begun = insert_all(Mentorship, [row for one in chosen for row in _mentorships(one, ids)])
    member_of = {member.fellow_id: member for member in members}
    by_pair = {(one.fellow_id, one.mentor_id): one for one in begun}
    deeds: list[Deed] = []
    for planned in chosen:
        fellow_id = ids[planned.row.email]
        if planned.cohort is not None and planned.joins:
            deeds.append(deed_of_member(member_of[fellow_id], planned.cohort))
        mentors = (ids[email] for email in planned.new_mentors)
        deeds += [deed_of_mentorship(by_pair[fellow_id, mentor_id]) for mentor_id in mentors]
    audit.record_all(actor, deeds, now=now)


def _ids(chosen: Sequence[PlannedRow]) -> dict[str, int]:
    """Return the ids of everyone whom the rows name, by address."""
    named = {planned.row.email for planned in chosen} | {
        email for planned in chosen for email in planned.new_mentors
    }
    people = db.session.execute(select(User.email, User.id).where(User.email.in_(sorted(named))))
    return {row.email: row.id for row in people}


def _memberships(planned: PlannedRow, ids: dict[str, int]) -> list[dict[str, object]]:
    """Return the row of the membership that is planned, if one is."""
    if planned.cohort is None or not planned.joins:
        return []
    return [{"cohort_id": planned.cohort.id} | _bond(planned, ids)]


def _mentorships(planned: PlannedRow, ids: dict[str, int]) -> list[dict[str, object]]:
    """Return the rows of the mentorships that are planned."""
    bond = _bond(planned, ids)
    return [{"mentor_id": ids[email]} | bond for email in planned.new_mentors]


def _bond(planned: PlannedRow, ids: dict[str, int]) -> dict[str, object]:
    return {
        "fellow_id": ids[planned.row.email],
        "starts_on": planned.starts_on,
        "ends_on": planned.row.ends_on,
    }
