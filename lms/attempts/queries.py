"""Reading attempts: whose they are, and which are past their time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Date, Table, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, RefusedAnswer, Response
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.people.models import User
from lms.program.models import Membership
from lms.program.queries import current
from lms.quizzes.models import Assignment, Audience, QuizVersion
from lms.quizzes.queries import sizes

GRACE = timedelta(seconds=15)
"""How long after the deadline a save that was under way still counts."""

_RESPONSE, _REFUSED = (cast(Table, model.__table__) for model in (Response, RefusedAnswer))

REFUSED_LAST = or_(_RESPONSE.c.saved_at.is_(None), _REFUSED.c.received_at > _RESPONSE.c.saved_at)
"""Joins to a response what was refused and not followed by an answer that could be saved."""

_ATTEMPT_OF = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"), Attempt.fellow_id == bindparam("fellow_id"))
    .options(
        joinedload(Attempt.assignment).joinedload(Assignment.version).joinedload(QuizVersion.quiz)
    )
    .execution_options(populate_existing=True)
)

_COHORTS = select(Membership.cohort_id).where(
    Membership.fellow_id == bindparam("fellow_id"),
    current(Membership, bindparam("today", type_=Date)),
)

_CONCERNING = select(Audience.assignment_id).where(
    or_(Audience.cohort_id.in_(_COHORTS), Audience.fellow_id == bindparam("fellow_id"))
)

_BEGUN = select(Attempt.assignment_id).where(Attempt.fellow_id == bindparam("fellow_id"))

_ASSIGNMENT_FOR = (
    select(Assignment)
    .where(
        Assignment.id == bindparam("assignment_id"),
        or_(
            and_(Assignment.id.in_(_CONCERNING), Assignment.withdrawn_at.is_(None)),
            Assignment.id.in_(_BEGUN),
        ),
    )
    .options(joinedload(Assignment.version).joinedload(QuizVersion.quiz))
)

_ATTEMPTS_AT = (
    select(Attempt)
    .where(
        Attempt.fellow_id == bindparam("fellow_id"),
        Attempt.assignment_id == bindparam("assignment_id"),
    )
    .order_by(Attempt.number)
    .execution_options(populate_existing=True)
)


def is_running(attempt: Attempt, now: datetime) -> bool:
    """Return whether the attempt can go on: it is not handed in, nor is its time over."""
    in_progress = attempt.state is AttemptState.IN_PROGRESS
    return in_progress and (attempt.deadline_at is None or now <= attempt.deadline_at)


def count_items(assignment: Assignment, running: Attempt | None) -> int:
    """Return how many items the *running* attempt has; None: the next one would have."""
    if running is None:
        version_id = assignment.quiz_version_id
        return sizes({version_id}).get(version_id, 0)
    of_it = Response.attempt_id == running.id
    return db.session.scalar(select(func.count(Response.id)).where(of_it)) or 0


def attempt_of(fellow_id: int, attempt_id: int) -> Attempt:
    """Return a fellow's own attempt; assignment, version and quiz loaded.

    Raises:
        NotFound: there is no such attempt, or it is another person's.
    """
    attempt: Attempt | None = db.session.scalar(
        _ATTEMPT_OF, {"attempt_id": attempt_id, "fellow_id": fellow_id}
    )
    if attempt is None:
        raise NotFound
    return attempt


def attempt_by_id(attempt_id: int) -> Attempt:
    """Return an attempt, whose-ever it is; fellow, assignment, version and quiz loaded.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .options(
            joinedload(Attempt.fellow),
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz),
        )
        .execution_options(populate_existing=True)
    )
    if attempt is None:
        raise NotFound
    return attempt


def locked_attempt(attempt_id: int) -> Attempt:
    """Return an attempt, which nobody else changes until the transaction ends.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if attempt is None:
        raise NotFound
    return attempt


def running(*which: ColumnElement[bool]) -> Sequence[int]:
    """Return the ids of the attempts that are not handed in, of those that *which* says."""
    return db.session.scalars(
        select(Attempt.id).where(Attempt.state == AttemptState.IN_PROGRESS, *which)
    ).all()


def assignment_for(fellow: User, assignment_id: int, now: datetime) -> Assignment:
    """Return an assignment that the fellow may take; version and quiz loaded.

    It concerns the fellow or a cohort that the fellow is in today and was not taken back, or it
    was begun.

    Raises:
        NotFound: there is none such.
    """
    today = local(now, fellow.time_zone).date()
    of = {"assignment_id": assignment_id, "fellow_id": fellow.id, "today": today}
    assignment: Assignment | None = db.session.scalar(_ASSIGNMENT_FOR, of)
    if assignment is None:
        raise NotFound
    return assignment


def attempts_at(fellow_id: int, assignment_id: int) -> list[Attempt]:
    """Return a fellow's attempts at an assignment, in their order."""
    return list(
        db.session.scalars(_ATTEMPTS_AT, {"fellow_id": fellow_id, "assignment_id": assignment_id})
    )


def last_answers(fellow_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each of the fellows saved an answer last; who never did is not in it."""
    rows = db.session.execute(
        select(Attempt.fellow_id, func.max(Response.saved_at))
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.fellow_id.in_(list(fellow_ids)), Response.saved_at.is_not(None))
        .group_by(Attempt.fellow_id)
    )
    return {fellow_id: saved_at for fellow_id, saved_at in rows if saved_at is not None}


def overdue(now: datetime) -> Sequence[int]:
    """Return the ids of attempts left open past deadline and grace, however long ago."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at)
    ).all()
