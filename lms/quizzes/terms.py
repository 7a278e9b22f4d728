"""What holds for fellows with what is assigned to them: who asks for a date, asks here.

No other module reads an assignment's dates, limit, attempts and feedback, but for those that the
house's tests name.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Table, and_, bindparam, select

from lms.core.db import db
from lms.people.models import User
from lms.program.models import Accommodation
from lms.quizzes.models import Assignment, Extension
from question_bank.terms import Allowance, Grant, PublishedTerms, Terms, terms_for

Pair = tuple[int, int]
"""The ids of an assignment and of a fellow."""

_FOR_ALL = [getattr(Assignment, each.name) for each in fields(PublishedTerms)]
_GRANTED = [getattr(Extension, each.name) for each in fields(Grant)]


_GIVEN = (
    select(Assignment.id, *_FOR_ALL, Extension.fellow_id, *_GRANTED)
    .outerjoin(
        Extension,
        and_(
            Extension.assignment_id == Assignment.id,
            Extension.fellow_id.in_(bindparam("fellow_ids", expanding=True)),
        ),
    )
    .where(Assignment.id.in_(bindparam("assignment_ids", expanding=True)))
)

_ALLOWED = (
    select(
        User.id,
        User.time_zone,
        Accommodation.percent,
        Accommodation.days,
        Accommodation.starts_on,
        Accommodation.ends_on,
    )
    .outerjoin(Accommodation, Accommodation.fellow_id == User.id)
    .where(User.id.in_(bindparam("fellow_ids", expanding=True)))
)
"""What is asked is put together once: building it costs more than running it."""

_ASSIGNMENT, _EXTENSION, _FELLOW, _ACCOMMODATION = (
    cast(Table, model.__table__) for model in (Assignment, Extension, User, Accommodation)
)
_HOLDS = [
    _FELLOW.c.time_zone,
    *(_ASSIGNMENT.c[each.name] for each in fields(PublishedTerms)),
    _EXTENSION.c.id,
    *(_EXTENSION.c[each.name] for each in fields(Grant)),
    _ACCOMMODATION.c.id,
    *(_ACCOMMODATION.c[each.name] for each in fields(Allowance)),
]
_GRANT = 1 + len(fields(PublishedTerms))
_ALLOWANCE = _GRANT + 1 + len(fields(Grant))
"""Where an extension and an accommodation begin among them, with their ids; None: there is none."""


def with_terms(query: Select[Any], fellow_id: ColumnElement[int]) -> Select[Any]:
    """Return *query*, which reads one assignment, with what holds for a fellow; see `terms_in`."""
    of_fellow = and_(
        _EXTENSION.c.assignment_id == _ASSIGNMENT.c.id, _EXTENSION.c.fellow_id == fellow_id
    )
    return (
        query.add_columns(*_HOLDS)
        .join(_FELLOW, _FELLOW.c.id == fellow_id)
        .outerjoin(_EXTENSION, of_fellow)
        .outerjoin(_ACCOMMODATION, _ACCOMMODATION.c.fellow_id == fellow_id)
    )


def terms_in(rows: Sequence[Row[Any]], *, told: bool = True) -> Terms:
    """Return what holds for a fellow with an assignment, from the *rows* of a query `with_terms`.

    There is one for each extension with each accommodation. *told*: whether these count.
    """
    held = [row[-len(_HOLDS) :] for row in rows]
    zone, *published = held[0][:_GRANT]
    return terms_for(
        PublishedTerms(*published),
        grants={Grant(*each[_GRANT + 1 : _ALLOWANCE]) for each in held if each[_GRANT]},
        allowances={
            Allowance(*each[_ALLOWANCE + 1 :]) for each in held if told and each[_ALLOWANCE]
        },
        zone=zone,
    )


_WITH = with_terms(
    select().select_from(_ASSIGNMENT), bindparam("fellow_id", type_=_FELLOW.c.id.type)
).where(_ASSIGNMENT.c.id == bindparam("assignment_id"))


def published(assignment: Assignment) -> PublishedTerms:
    """Return what an assignment says for all whom it concerns."""
    return PublishedTerms(
        **{each.name: getattr(assignment, each.name) for each in fields(PublishedTerms)}
    )


def results_shown(now: datetime) -> ColumnElement[bool]:
    """Return that the results of an assignment are shown, which no fellow's terms put off."""
    return Assignment.results_at <= now


def terms_of(pairs: Collection[Pair], *, told_to: int | None = None) -> dict[Pair, Terms]:
    """Return what holds for each fellow with the assignment, in two statements.

    Args:
        pairs: The ids of assignments and fellows.
        told_to: The reader whom it is told to: of accommodations none counts but the reader's
            own, for they are private. None: nobody is told, all count.
    """
    fellow_ids = {fellow_id for _, fellow_id in pairs}
    for_all, grants = _given({assignment_id for assignment_id, _ in pairs}, fellow_ids)
    zones, allowances = _allowances(fellow_ids)
    plain = cache(lambda assignment_id, zone: terms_for(for_all[assignment_id], zone=zone))
    found: dict[Pair, Terms] = {}
    for assignment_id, fellow_id in pairs:
        granted = grants.get((assignment_id, fellow_id), ())
        allowed = allowances[fellow_id] if told_to in (None, fellow_id) else ()
        zone = zones[fellow_id]
        found[assignment_id, fellow_id] = (
            terms_for(for_all[assignment_id], grants=granted, allowances=allowed, zone=zone)
            if granted or allowed
            else plain(assignment_id, zone)
        )
    return found


def terms_with(assignment_id: int, fellow_id: int, *, told_to: int | None = None) -> Terms:
    """Return what holds for one fellow with one assignment, in one statement; see `terms_of`."""
    asked = {"assignment_id": assignment_id, "fellow_id": fellow_id}
    return terms_in(db.session.execute(_WITH, asked).all(), told=told_to in (None, fellow_id))


def _given(
    assignment_ids: Iterable[int], fellow_ids: Iterable[int]
) -> tuple[dict[int, PublishedTerms], dict[Pair, list[Grant]]]:
    """Return what each assignment says for all, and what its extensions give the fellows."""
    ids = {"assignment_ids": list(assignment_ids), "fellow_ids": list(fellow_ids)}
    rows = db.session.execute(_GIVEN, ids)
    for_all: dict[int, PublishedTerms] = {}
    grants: dict[Pair, list[Grant]] = {}
    for assignment_id, *values in rows:
        said, (fellow_id, *granted) = values[: len(_FOR_ALL)], values[len(_FOR_ALL) :]
        for_all[assignment_id] = PublishedTerms(*said)
        if fellow_id is not None:
            grants.setdefault((assignment_id, fellow_id), []).append(Grant(*granted))
    return for_all, grants


def _allowances(
    fellow_ids: Iterable[int],
) -> tuple[dict[int, str], dict[int, list[Allowance]]]:
    """Return the zone of each fellow, and what accommodations give."""
    rows = db.session.execute(_ALLOWED, {"fellow_ids": list(fellow_ids)})
    zones: dict[int, str] = {}
    found: dict[int, list[Allowance]] = {}
    for fellow_id, zone, percent, days, starts_on, ends_on in rows:
        zones[fellow_id] = zone
        own = found.setdefault(fellow_id, [])
        if starts_on is not None:
            own.append(Allowance(percent, days, starts_on, ends_on))
    return zones, found
