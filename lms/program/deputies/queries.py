"""Reading who stands in for whom, with which fellows, on which days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.core.db import db
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.program.queries import active_with, current


@dataclass(frozen=True)
class StandIn:
    """That a deputy stands in with some fellows of a mentor who is away, from a day to a day.

    `rows` are the mentorships, one for each fellow, by name; people are loaded.
    """

    rows: tuple[Mentorship, ...]

    @property
    def id(self) -> int:
        """The number by which all of it is named: that of its first row."""
        return min(row.id for row in self.rows)

    @property
    def deputy(self) -> User:
        """Who stands in."""
        return self.rows[0].mentor

    @property
    def starts_on(self) -> date:
        """The first day."""
        return self.rows[0].starts_on

    @property
    def ends_on(self) -> date:
        """The last day."""
        last = self.rows[0].ends_on
        assert last is not None, "a deputy's mentorship has a last day"  # noqa: S101
        return last

    @property
    def fellows(self) -> list[str]:
        """The names of the fellows."""
        return [row.fellow.name for row in self.rows]


def stand_ins(away_id: int, on: date) -> list[StandIn]:
    """Return who stands in for a mentor on that day or later, what begins first, first."""
    rows = db.session.scalars(
        _deputies()
        .join(Mentorship.fellow)
        .where(Mentorship.stands_in_for_id == away_id, Mentorship.ends_on >= on)
        .order_by(
            Mentorship.starts_on, Mentorship.ends_on, Mentorship.mentor_id, User.name, User.id
        )
        .execution_options(populate_existing=True)
    )
    alike = groupby(rows, key=lambda row: (row.starts_on, row.ends_on, row.mentor_id))
    return [StandIn(tuple(group)) for _, group in alike]


def stood_in_with(away_id: int, on: date) -> set[int]:
    """Return the ids of the fellows with whom an active deputy stands in for a mentor that day."""
    return {fellow_id for _, fellow_id in all_stood_in_with([away_id], on)}


def all_stood_in_with(away_ids: Iterable[int], on: date) -> set[tuple[int, int]]:
    """Return the same for several mentors: the ids of mentor and fellow."""
    deputies = select(User.id).where(active_with(Role.MENTOR))
    rows = db.session.execute(
        select(Mentorship.stands_in_for_id, Mentorship.fellow_id).where(
            Mentorship.stands_in_for_id.in_(list(away_ids)),
            Mentorship.mentor_id.in_(deputies),
            current(Mentorship, on),
        )
    )
    return {(away_id, fellow_id) for away_id, fellow_id in rows if away_id is not None}


def taken_over(deputy_id: int, on: date) -> Mapping[int, Mentorship]:
    """Return, by the fellow, for whom a deputy stands in on that day; people loaded."""
    rows = all_taken_over([deputy_id], on)
    return {fellow_id: row for (_, fellow_id), row in rows.items()}


def all_taken_over(deputy_ids: Iterable[int], on: date) -> Mapping[tuple[int, int], Mentorship]:
    """Return the same for several people, by the ids of deputy and fellow."""
    rows = _deputies().where(
        Mentorship.mentor_id.in_(list(deputy_ids)),
        Mentorship.stands_in_for_id.is_not(None),
        current(Mentorship, on),
    )
    return {(row.mentor_id, row.fellow_id): row for row in db.session.scalars(rows)}


def own_mentorships(mentor_id: int, on: date) -> list[Mentorship]:
    """Return a mentor's mentorships that are not over by that day, but for those as a deputy.

    Of active fellows, by name; the fellows are loaded.
    """
    rows = db.session.scalars(
        select(Mentorship)
        .join(Mentorship.fellow)
        .options(joinedload(Mentorship.fellow))
        .where(
            Mentorship.mentor_id == mentor_id,
            Mentorship.stands_in_for_id.is_(None),
            Mentorship.ends_on.is_(None) | (Mentorship.ends_on >= on),
            active_with(Role.FELLOW),
        )
        .order_by(User.name, User.id, Mentorship.starts_on)
    )
    return list(rows)


def stood_in_since(
    away_ids: Iterable[int], since: date
) -> dict[tuple[int, int], list[tuple[date, date]]]:
    """Return, by mentor and fellow, from when to when somebody stands or stood in since a day."""
    rows = db.session.execute(
        select(
            Mentorship.stands_in_for_id,
            Mentorship.fellow_id,
            Mentorship.starts_on,
            Mentorship.ends_on,
        ).where(Mentorship.stands_in_for_id.in_(list(away_ids)), Mentorship.ends_on >= since)
    )
    found: dict[tuple[int, int], list[tuple[date, date]]] = {}
    for away_id, fellow_id, first, last in rows:
        if away_id is not None and last is not None:
            found.setdefault((away_id, fellow_id), []).append((first, last))
    return found


def _deputies() -> Select[Mentorship]:
    return select(Mentorship).options(
        joinedload(Mentorship.mentor),
        joinedload(Mentorship.fellow),
        joinedload(Mentorship.stands_in_for),
    )
