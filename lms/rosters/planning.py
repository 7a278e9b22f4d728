"""What importing a roster would do, row by row. Reads the database, changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.sight import Sight
from lms.people.models import Role, User
from lms.program import queries
from lms.program.models import Bond, Cohort, Membership, Mentorship
from lms.program.services import check_days
from lms.rosters.reading import Flaw, Roster, RosterRow


@dataclass(frozen=True)
class PlannedRow:
    """What becomes of one row; with a flaw, nothing of it is done.

    `joins` is whether a membership is new, `new_mentors` the addresses of mentors to be. `kept`
    says where the row differs from what is known and stays, a sentence each.
    """

    row: RosterRow
    user: User | None
    starts_on: date
    cohort: Cohort | None = None
    joins: bool = False
    new_mentors: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def outcome(self) -> Literal["import", "known", "leave"]:
        """Whether the row is imported, says nothing new, or is left."""
        if self.flaws:
            return "leave"
        new = self.user is None or self.joins or self.new_mentors
        return "import" if new else "known"

    @property
    def deeds(self) -> list[str]:
        """What is done, a sentence each."""
        return [*self.invitation, *self.bonds]

    @property
    def bonds(self) -> list[str]:
        """What is done once the person is known here, a sentence each."""
        if self.flaws:
            return []
        until = f" to {say_date(self.row.ends_on)}" if self.row.ends_on else ""
        since = f"from {say_date(self.starts_on)}{until}"
        return [
            *([f"Add to {self.cohort.name} {since}."] if self.cohort and self.joins else []),
            *(f"Start with mentor {email} {since}." for email in self.new_mentors),
        ]

    @property
    def invitation(self) -> list[str]:
        """What is done first, if the person is new, as a sentence."""
        if self.flaws or self.user is not None:
            return []
        return [f"Invite as {', '.join(sorted(self.row.roles))}."]

    @property
    def name(self) -> str:
        """How the person is called: as known here, else as the roster says."""
        return self.user.name if self.user else self.row.name


@dataclass(frozen=True)
class Plan:
    """What importing a roster would do."""

    roster: Roster
    rows: tuple[PlannedRow, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows have *outcome*."""
        return sum(row.outcome == outcome for row in self.rows)


def make_plan(roster: Roster, *, on: date) -> Plan:
    """Return what importing *roster* would do on that day, in a fixed number of statements."""
    planner = _Planner(roster, on)
    return Plan(roster, _leave_orphans(tuple(planner.plan(row) for row in roster.rows), planner))


def sight_of(plan: Plan) -> Sight:
    """Return what the page of *plan* shows: for each row what would be done, or why nothing."""
    return {f"Line {row.row.line}, {row.name or '(no name)'}": _said_of(row) for row in plan.rows}


def _said_of(planned: PlannedRow) -> str:
    flaws = [f"{each.column}: {each.message}" for each in planned.flaws]
    return " ".join(flaws or planned.deeds) or "Nothing new."


class _Planner:
    """Knows the people, cohorts, memberships and mentorships that the rows speak of."""

    def __init__(self, roster: Roster, on: date) -> None:
        self.on = on
        self.people = _people(roster.emails)
        self.cohorts = queries.cohorts()
        ids = [user.id for user in self.people.values()]
        self.memberships = _by_fellow(Membership, ids)
        self.mentorships = _by_fellow(Mentorship, ids, Mentorship.stands_in_for_id.is_(None))

    def plan(self, row: RosterRow) -> PlannedRow:
        user = self.people.get(row.email)
        roles = user.roles if user else row.roles
        flaws = [*row.flaws, *_person_flaws(row, user)]
        cohort = self._cohort(row, roles, flaws)
        starts_on = row.starts_on or (cohort.joined_on(self.on) if cohort else self.on)
        known_from = row.starts_on or (cohort.starts_on if cohort else self.on)
        if cohort is not None:
            _note(flaws, cohort, starts_on, row.ends_on)
        elif row.ends_on and row.ends_on < starts_on:
            flaws.append(Flaw("ends_on", "The last day is before the first."))
        member = self._member(user, cohort, known_from, row.ends_on) if cohort else None
        return PlannedRow(
            row=row,
            user=user,
            starts_on=starts_on,
            cohort=cohort,
            joins=cohort is not None and member is None,
            new_mentors=self._new_mentors(row, user, roles, known_from, flaws),
            flaws=tuple(flaws),
            kept=tuple(_kept(row, user, member)),
        )

    def _cohort(self, row: RosterRow, roles: frozenset[Role], flaws: list[Flaw]) -> Cohort | None:
        if not row.cohort:
            if row.track and Role.FELLOW in roles:
                flaws.append(Flaw("cohort", "Write which cohort of the track."))
            return None
        if Role.FELLOW not in roles and roles:
            flaws.append(Flaw("cohort", "Only a fellow is in a cohort."))
            return None
        named = [c for c in self.cohorts if c.name.casefold() == row.cohort.casefold()]
        of_track = [c for c in named if row.track in ("", c.track.slug, c.track.name.casefold())]
        if len(of_track) == 1:
            return of_track[0]
        flaws.append(_cohort_flaw(row, named, of_track))
        return None

    def _member(
        self, user: User | None, cohort: Cohort, since: date, ends_on: date | None
    ) -> Membership | None:
        """Return that a person is or was in a cohort *since* that day, if so.

        A row without a first day says only that: read again, it takes nobody back who has left.
        """
        known = self.memberships.get(user.id, []) if user else []
        end = ends_on or cohort.ends_on
        there = (
            one
            for one in known
            if one.cohort_id == cohort.id
            and one.starts_on <= end
            and (one.ends_on is None or one.ends_on >= since)
        )
        return next(there, None)

    def _new_mentors(
        self,
        row: RosterRow,
        user: User | None,
        roles: frozenset[Role],
        since: date,
        flaws: list[Flaw],
    ) -> tuple[str, ...]:
        if row.mentors and roles and Role.FELLOW not in roles:
            flaws.append(Flaw("mentor_email", "Only a fellow has a mentor."))
            return ()
        wrong = {email: flaw for email in row.mentors if (flaw := self._mentor_flaw(row, email))}
        flaws += wrong.values()
        known = {
            one.mentor_id
            for one in (self.mentorships.get(user.id, []) if user else [])
            if (row.ends_on is None or one.starts_on <= row.ends_on)
            and (one.ends_on is None or one.ends_on >= since)
        }
        have = {email for email in row.mentors if self._id(email) in known}
        return tuple(email for email in row.mentors if email not in have and email not in wrong)

    def _id(self, email: str) -> int | None:
        user = self.people.get(email)
        return user.id if user else None

    def _mentor_flaw(self, row: RosterRow, email: str) -> Flaw | None:
        mentor = self.people.get(email)
        if email == row.email:
            return Flaw("mentor_email", "A fellow is not their own mentor.")
        if mentor is not None and not (mentor.is_active and Role.MENTOR in mentor.roles):
            return Flaw("mentor_email", f"{mentor.name} is not an active mentor.")
        return None


def _kept(row: RosterRow, user: User | None, member: Membership | None) -> Iterator[str]:
    """Yield what a row says otherwise of a known person, which no import changes."""
    if user and row.name and row.name != user.name:
        yield f"The name stays {user.name}; the row says {row.name}."
    if user and row.time_zone and row.time_zone != user.time_zone:
        yield f"The time zone stays {user.time_zone}; the row says {row.time_zone}."
    if member and row.starts_on and row.starts_on != member.starts_on:
        first, said = say_date(member.starts_on), say_date(row.starts_on)
        yield f"The first day in the cohort stays {first}; the row says {said}."
    if member and row.ends_on and row.ends_on != member.ends_on:
        last = say_date(member.ends_on) if member.ends_on else "open"
        yield f"The last day in the cohort stays {last}; the row says {say_date(row.ends_on)}."


def _people(emails: Iterable[str]) -> dict[str, User]:
    query = select(User).where(User.email.in_(sorted(emails)))
    loaded = query.options(selectinload(User.role_rows)).execution_options(populate_existing=True)
    return {user.email: user for user in db.session.scalars(loaded)}


def _by_fellow(
    kind: type[Bond], ids: list[int], *which: ColumnElement[bool]
) -> dict[int, list[Bond]]:
    bonds: dict[int, list[Bond]] = {}
    for row in db.session.scalars(select(kind).where(kind.fellow_id.in_(ids), *which)):
        bonds.setdefault(row.fellow_id, []).append(row)
    return bonds


def _person_flaws(row: RosterRow, user: User | None) -> list[Flaw]:
    flawed = {flaw.column for flaw in row.flaws}
    if user is None:
        return [
            Flaw(column, sentence)
            for column, there, sentence in (
                ("name", row.name, "The name is missing, and the person is new."),
                ("roles", row.roles, "The role is missing, and the person is new."),
            )
            if not there and column not in flawed
        ]
    if not user.is_active:
        return [Flaw("email", f"The account of {user.name} is disabled. Enable it first.")]
    lacking = sorted(row.roles - user.roles)
    if lacking:
        return [
            Flaw(
                "roles",
                f"{user.name} is known as {', '.join(sorted(user.roles))}, and an import changes "
                f"no roles. Give the role {', '.join(lacking)} on the person’s page first.",
            )
        ]
    return []


def _note(flaws: list[Flaw], cohort: Cohort, starts_on: date, ends_on: date | None) -> None:
    try:
        check_days(cohort, starts_on, ends_on)
    except Invalid as refusal:
        flaws.append(Flaw(refusal.field or "starts_on", refusal.message))


def _cohort_flaw(row: RosterRow, named: list[Cohort], of_track: list[Cohort]) -> Flaw:
    if not named:
        sentence = f"There is no cohort “{row.cohort[:80]}”. Create it first, or correct the name."
        return Flaw("cohort", sentence)
    tracks = " and ".join(sorted(cohort.track.slug for cohort in named))
    if of_track:
        return Flaw("track", f"“{row.cohort[:80]}” is a cohort of {tracks}. Write which track.")
    return Flaw("track", f"“{row.cohort[:80]}” is a cohort of {tracks}, not of “{row.track[:40]}”.")


def _leave_orphans(rows: tuple[PlannedRow, ...], planner: _Planner) -> tuple[PlannedRow, ...]:
    """Leave the rows whose mentor neither is known nor will be, until nothing changes."""
    while True:
        coming = {
            one.row.email for one in rows if not one.flaws and Role.MENTOR in one.row.roles
        } | set(planner.people)
        left = tuple(_checked(one, coming) for one in rows)
        if left == rows:
            return rows
        rows = left


def _checked(planned: PlannedRow, coming: set[str]) -> PlannedRow:
    told = {flaw.message for flaw in planned.flaws}
    sentences = [
        f"{email} has no account, and no row of this roster invites them as a mentor."
        for email in planned.new_mentors
        if email not in coming
    ]
    new = tuple(Flaw("mentor_email", text) for text in sentences if text not in told)
    return replace(planned, flaws=(*planned.flaws, *new)) if new else planned
