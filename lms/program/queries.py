"""Reading about cohorts, who is in them, and who looks after whom, on a given day."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lms.core.clock import at
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of, whole
from lms.people.models import Role, User, UserRole
from lms.program.models import Cohort, Leave, Membership, Mentorship, Track

PAGE = 30
"""How many cohorts a page lists."""

MEMBERS = 50
"""How many fellows of a cohort a page lists."""


def current(
    kind: type[Membership] | type[Mentorship], on: date | BindParameter[date]
) -> ColumnElement[bool]:
    """Return the condition that a membership or mentorship holds *on* that day."""
    return and_(kind.starts_on <= on, or_(kind.ends_on.is_(None), kind.ends_on >= on))


def runs_on(on: date) -> ColumnElement[bool]:
    """Return the condition that a cohort trains on that day."""
    return and_(Cohort.starts_on <= on, Cohort.ends_on >= on)


def active_with(role: Role) -> ColumnElement[bool]:
    """Return the condition that a person may come in and holds *role*."""
    holds = exists().where(UserRole.user_id == User.id, UserRole.role == role)
    return and_(User.disabled_at.is_(None), holds)


def _people(query: Select[User]) -> list[User]:
    ordered = query.options(selectinload(User.role_rows)).order_by(User.name, User.id)
    return list(db.session.scalars(ordered))


def fellows_of(mentor_id: int, on: date) -> list[User]:
    """Return the active fellows whom the mentor looks after on that day, by name; roles loaded."""
    theirs = select(Mentorship.fellow_id).where(
        Mentorship.mentor_id == mentor_id, current(Mentorship, on)
    )
    return _people(select(User).where(User.id.in_(theirs), active_with(Role.FELLOW)))


def looked_after_by(mentor_id: int, on: date) -> set[int]:
    """Return the ids of the fellows, active or not, whom the mentor looks after on that day."""
    theirs = select(Mentorship.fellow_id).where(
        Mentorship.mentor_id == mentor_id, current(Mentorship, on)
    )
    return set(db.session.scalars(theirs))


def mentors_with_fellows(on: date) -> list[User]:
    """Return the active mentors who look after an active fellow on that day, by name."""
    fellows = select(User.id).where(active_with(Role.FELLOW))
    busy = select(Mentorship.mentor_id).where(
        current(Mentorship, on), Mentorship.fellow_id.in_(fellows)
    )
    return _people(select(User).where(User.id.in_(busy), active_with(Role.MENTOR)))


def may_mentor_see(mentor_id: int, fellow_id: int, on: date) -> bool:
    """Return whether the mentor looks after the fellow on that day."""
    query = (
        select(Mentorship.id)
        .join(User, User.id == Mentorship.mentor_id)
        .where(
            Mentorship.mentor_id == mentor_id,
            Mentorship.fellow_id == fellow_id,
            current(Mentorship, on),
            active_with(Role.MENTOR),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def cohort_of(fellow_id: int, on: date) -> Cohort | None:
    """Return the running cohort that the fellow joined last, track loaded; None if in none."""
    return db.session.scalar(
        select(Cohort)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.fellow_id == fellow_id, current(Membership, on), runs_on(on))
        .options(joinedload(Cohort.track))
        .order_by(Membership.starts_on.desc(), Cohort.id.desc())
        .limit(1)
    )


def members_since(fellow_ids: Iterable[int], on: date, *, today: date) -> dict[int, datetime]:
    """Return since when each fellow is in a running cohort on that day, or was in one last.

    Of memberships that hold at once the first counts. Of who was in no cohort by that day it is
    the first one that began up to *today*. In the fellow's own zone; who was in none is not in it.
    """
    starts_on = Membership.starts_on
    holds = func.min(case((and_(current(Membership, on), runs_on(on)), starts_on)))
    last = func.max(case((starts_on <= on, starts_on)))
    began = (
        select(
            Membership.fellow_id, User.time_zone, func.coalesce(holds, last, func.min(starts_on))
        )
        .join(Membership.fellow)
        .join(Membership.cohort)
        .where(Membership.fellow_id.in_(list(fellow_ids)), starts_on <= today)
        .group_by(Membership.fellow_id, User.time_zone)
    )
    rows = db.session.execute(began)
    return {fellow_id: at(day, time(), zone) for fellow_id, zone, day in rows}


def leaves_of(fellow_ids: Iterable[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return from when up to when, in the own zone, each of the fellows is or was on leave."""
    rows = db.session.execute(
        select(Leave.fellow_id, Leave.starts_on, Leave.ends_on, User.time_zone)
        .join(User, User.id == Leave.fellow_id)
        .where(Leave.fellow_id.in_(list(fellow_ids)))
        .order_by(Leave.starts_on, Leave.id)
    )
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for fellow_id, first, last, zone in rows:
        span = (at(first, time(), zone), at(last + timedelta(days=1), time(), zone))
        found.setdefault(fellow_id, []).append(span)
    return found


def is_or_will_be_member(fellow_id: int, on: date) -> bool:
    """Return whether the fellow is on that day in a cohort that has not ended, or will be."""
    lasting = (
        Membership.fellow_id == fellow_id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= on),
        Cohort.ends_on >= on,
    )
    query = select(Membership.id).join(Membership.cohort).where(*lasting).limit(1)
    return db.session.scalar(query) is not None


def current_cohorts(on: date, *, among: Collection[int]) -> list[Cohort]:
    """Return those *among* some that run on that day, by track and name; track loaded."""
    some = select(Cohort).where(runs_on(on), Cohort.id.in_(among))
    return list(db.session.scalars(_in_order(some)))


def cohorts() -> list[Cohort]:
    """Return all cohorts, the latest year first; track loaded."""
    return list(db.session.scalars(_in_order(select(Cohort), Cohort.starts_on.desc())))


def page_of_cohorts(number: int) -> Page[Cohort]:
    """Return a page of all cohorts, the latest year first; track loaded."""
    listed = _in_order(select(Cohort), Cohort.starts_on.desc())
    return page_of(listed, number, size=PAGE, read=whole)


def _in_order(query: Select[Cohort], *first: Any) -> Select[Cohort]:
    with_track = query.join(Cohort.track).options(contains_eager(Cohort.track))
    return with_track.order_by(*first, Track.slug, Cohort.name, Cohort.id)


def sizes(cohort_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return how many active fellows each cohort that runs has on that day; 0 is left out."""
    counted = (
        select(Membership.cohort_id, func.count(func.distinct(Membership.fellow_id)))
        .join(User, User.id == Membership.fellow_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(
            Cohort.id.in_(list(cohort_ids)),
            runs_on(on),
            current(Membership, on),
            active_with(Role.FELLOW),
        )
        .group_by(Membership.cohort_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def tracks() -> list[Track]:
    """Return the tracks, by slug."""
    return list(db.session.scalars(select(Track).order_by(Track.slug)))


def cohort_by_id(cohort_id: int) -> Cohort:
    """Return a cohort, track loaded.

    Raises:
        NotFound: there is none with that id.
    """
    query = select(Cohort).where(Cohort.id == cohort_id).options(joinedload(Cohort.track))
    cohort = db.session.scalar(query)
    if cohort is None:
        raise NotFound
    return cohort


def members_of(cohort_id: int, on: date) -> list[User]:
    """Return the active fellows who are in the cohort on that day, by name; roles loaded."""
    members = User.id.in_(inside(cohort_id, on))
    return _people(select(User).where(members, active_with(Role.FELLOW)))


def inside(cohort_id: int, on: date) -> Select[int]:
    """Return the query for the ids of those, active or not, who are in the cohort on that day."""
    return (
        select(Membership.fellow_id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Membership.cohort_id == cohort_id, current(Membership, on), runs_on(on))
    )


def memberships(cohort_id: int) -> list[Membership]:
    """Return everyone who is, was or will be in the cohort, by name; fellow and roles loaded."""
    return list(db.session.scalars(_roster(cohort_id)))


def page_of_memberships(cohort_id: int, number: int) -> Page[Membership]:
    """Return a page of the same."""
    return page_of(_roster(cohort_id), number, size=MEMBERS, read=whole)


def _roster(cohort_id: int) -> Select[Membership]:
    fellow = contains_eager(Membership.fellow)
    return (
        select(Membership)
        .join(Membership.fellow)
        .options(fellow.selectinload(User.role_rows))
        .where(Membership.cohort_id == cohort_id)
        .order_by(User.name, User.id, Membership.starts_on)
    )


def membership_by_id(membership_id: int) -> Membership:
    """Return a membership; fellow, cohort and track loaded.

    Raises:
        NotFound: there is none with that id.
    """
    membership = db.session.scalar(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(
            joinedload(Membership.fellow).selectinload(User.role_rows),
            joinedload(Membership.cohort).joinedload(Cohort.track),
        )
        .execution_options(populate_existing=True)
    )
    if membership is None:
        raise NotFound
    return membership


def mentorship_by_id(mentorship_id: int) -> Mentorship | None:
    """Return a mentorship as the database knows it now; None: it is gone."""
    return db.session.get(Mentorship, mentorship_id, populate_existing=True)


def mentorships(fellow_ids: Iterable[int], on: date) -> dict[int, list[Mentorship]]:
    """Return, for each fellow, the mentorships not over by that day, also those of deputies.

    Mentor and roles are loaded, and for whom a deputy stands in.
    """
    rows = db.session.scalars(
        select(Mentorship)
        .join(Mentorship.mentor)
        .options(
            contains_eager(Mentorship.mentor).selectinload(User.role_rows),
            joinedload(Mentorship.stands_in_for),
        )
        .where(
            Mentorship.fellow_id.in_(list(fellow_ids)),
            or_(Mentorship.ends_on.is_(None), Mentorship.ends_on >= on),
        )
        .order_by(User.name, Mentorship.starts_on)
    )
    by_fellow: dict[int, list[Mentorship]] = {}
    for mentorship in rows:
        by_fellow.setdefault(mentorship.fellow_id, []).append(mentorship)
    return by_fellow
