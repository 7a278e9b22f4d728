"""Carrying out a roster, and writing one."""

import csv
import io
from datetime import date, datetime

from sqlalchemy import select

from lms.accounts.models import User
from lms.accounts.services import invite_user, lock_people
from lms.core import audit
from lms.core.db import db
from lms.core.errors import Invalid
from lms.program import queries
from lms.program.models import Cohort, Track
from lms.program.plan import Plan, PlannedRow, make_plan
from lms.program.roster import COLUMNS, guard, read_roster
from lms.program.services import add_member, start_mentorship


def import_roster(
    actor: User | None, text: str, *, time_zone: str, on: date, now: datetime
) -> Plan:
    """Do what `make_plan` says of *text* at this moment, and return it as the report.

    The plan is made again inside the transaction; rows with flaws are left, and a second
    run finds nothing to do. *time_zone* is for new people whose row names none.

    Raises:
        Invalid: the roster cannot be read.
    """
    roster = read_roster(text)
    if roster.problems:
        raise Invalid(roster.problems[0], field="text")
    db.session.execute(select(Track.id).order_by(Track.id).with_for_update())
    lock_people(User.email.in_(roster.emails))
    plan = make_plan(roster, on=on)
    chosen = [planned for planned in plan.rows if planned.outcome == "import"]
    ids = _invite(actor, chosen, time_zone, now)
    for planned in chosen:
        _join(actor, planned, ids, now)
    counts = {"imported": len(chosen), "left": plan.count("leave"), "known": plan.count("known")}
    audit.record(actor, "roster.import", "roster", None, now=now, after=counts)
    return plan


def _invite(
    actor: User | None, chosen: list[PlannedRow], time_zone: str, now: datetime
) -> dict[str, int]:
    """Invite who is new. Return the ids of everyone whom the rows name, by address."""
    for planned in chosen:
        if planned.user is None:
            row = planned.row
            invite_user(
                actor,
                email=row.email,
                name=row.name,
                roles=row.roles,
                time_zone=row.time_zone or time_zone,
                now=now,
            )
    named = {planned.row.email for planned in chosen} | {
        email for planned in chosen for email in planned.new_mentors
    }
    found = db.session.execute(select(User.email, User.id).where(User.email.in_(sorted(named))))
    return {row.email: row.id for row in found}


def _join(actor: User | None, planned: PlannedRow, ids: dict[str, int], now: datetime) -> None:
    fellow_id = ids[planned.row.email]
    starts_on, ends_on = planned.starts_on, planned.row.ends_on
    if planned.cohort is not None and planned.joins:
        add_member(
            actor, planned.cohort.id, fellow_id, starts_on=starts_on, ends_on=ends_on, now=now
        )
    for email in planned.new_mentors:
        start_mentorship(
            actor,
            mentor_id=ids[email],
            fellow_id=fellow_id,
            starts_on=starts_on,
            ends_on=ends_on,
            now=now,
        )


def export_roster(cohort: Cohort, *, on: date) -> str:
    """Return the fellows who are or will be in *cohort*, as a roster that can be imported.

    No spreadsheet takes a cell of it for a formula.
    """
    members = {
        one.fellow_id: one
        for one in queries.memberships(cohort.id)
        if one.ends_on is None or one.ends_on >= on
    }
    mentors = queries.mentorships(members, on)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for fellow_id, member in members.items():
        fellow = member.fellow
        cells = (
            fellow.name,
            fellow.email,
            " ".join(sorted(fellow.roles)),
            cohort.track.slug,
            cohort.name,
            member.starts_on.isoformat(),
            member.ends_on.isoformat() if member.ends_on else "",
            " ".join(one.mentor.email for one in mentors.get(fellow_id, [])),
            fellow.time_zone,
        )
        writer.writerow([guard(cell) for cell in cells])
    return out.getvalue()
