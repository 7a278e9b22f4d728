"""Cohorts, and fellows in them, who may be chosen in a form."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from lms.core.choosing import Found, Offered
from lms.people.choosing import holding, offered_people
from lms.people.models import Role, User
from lms.program.models import Cohort, Membership, Track
from lms.program.queries import current, runs_on


def offered_cohorts(
    on: date,
    *,
    but: Collection[int] = (),
    label: Callable[[Found], str],
    group: Callable[[Found], str],
    kind: str = "",
) -> Offered:
    """Return the cohorts that run on that day, by track and name, to be chosen in a form.

    Those with the ids *but* are left out. A row has the cohort's name and that of its `track`.
    """
    return Offered(
        rows=select(Cohort.id, Cohort.name, Track.name.label("track"))
        .join(Cohort.track)
        .where(runs_on(on), Cohort.id.not_in(but))
        .order_by(Track.slug, Cohort.name, Cohort.id),
        says=_says,
        label=label,
        found=say_with_track,
        group=group,
        kind=kind,
    )


def say_with_track(row: Found) -> str:
    """Return the name of a cohort, and that of its track."""
    return f"{row.name}, {row.track}"


def _says(words: str) -> ColumnElement[bool]:
    return and_(
        *(
            or_(
                Cohort.name.icontains(word, autoescape=True),
                Track.name.icontains(word, autoescape=True),
            )
            for word in words.split()
        )
    )


def offered_fellows(on: date) -> Offered:
    """Return the active fellows who are in a running cohort on that day, by its name and theirs."""
    inside = (Membership.cohort_id == Cohort.id, Membership.fellow_id == User.id)
    there = (*inside, runs_on(on), current(Membership, on))
    cohort = select(func.min(Cohort.name)).where(*there).correlate(User).scalar_subquery()
    people = offered_people(holding(Role.FELLOW), exists().where(*there))
    rows = people.rows.add_columns(cohort.label("cohort")).order_by(None)
    return replace(
        people,
        rows=rows.order_by(cohort, User.name, User.id),
        label=lambda row: f"{row.name}, {row.cohort}",
    )
