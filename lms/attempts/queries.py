"""Reading attempts: whose they are, what waits, what is due, and what the graded ones say."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import User
from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.program.models import Membership
from lms.program.queries import current
from lms.quizzes.models import Assignment, QuizVersion
from lms.quizzes.queries import sizes
from question_bank.analysis.progress import Fact

GRACE = timedelta(seconds=15)
"""How long after the deadline a save that was under way still counts."""

PATIENCE = timedelta(seconds=30)
"""How long a submitted attempt may wait before the sweep takes it for forgotten."""


_ATTEMPT_OF = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"), Attempt.fellow_id == bindparam("fellow_id"))
    .options(
        joinedload(Attempt.assignment).joinedload(Assignment.version).joinedload(QuizVersion.quiz)
    )
    .execution_options(populate_existing=True)
)


def is_running(attempt: Attempt, now: datetime) -> bool:
    """Return whether the attempt can go on: it is not handed in, nor is its time over."""
    return attempt.state is AttemptState.IN_PROGRESS and now <= attempt.deadline_at


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


def assignment_for(fellow: User, assignment_id: int, now: datetime) -> Assignment:
    """Return an assignment that the fellow may take; version and quiz loaded.

    It is one of a cohort that the fellow is in today, not taken back, or one that was begun.

    Raises:
        NotFound: there is none such.
    """
    today = local(now, fellow.time_zone).date()
    cohorts = select(Membership.cohort_id).where(
        Membership.fellow_id == fellow.id, current(Membership, today)
    )
    begun = select(Attempt.assignment_id).where(Attempt.fellow_id == fellow.id)
    assignment = db.session.scalar(
        select(Assignment)
        .where(
            Assignment.id == assignment_id,
            or_(
                and_(Assignment.cohort_id.in_(cohorts), Assignment.withdrawn_at.is_(None)),
                Assignment.id.in_(begun),
            ),
        )
        .options(joinedload(Assignment.version).joinedload(QuizVersion.quiz))
    )
    if assignment is None:
        raise NotFound
    return assignment


def attempts_at(fellow_id: int, assignment_id: int) -> list[Attempt]:
    """Return a fellow's attempts at an assignment, in their order."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.fellow_id == fellow_id, Attempt.assignment_id == assignment_id)
            .order_by(Attempt.number)
            .execution_options(populate_existing=True)
        )
    )


def overdue(now: datetime) -> Sequence[int]:
    """Return the ids of attempts left open past deadline and grace, however long ago."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at)
    ).all()


def waiting(now: datetime, *, tried: bool) -> Sequence[int]:
    """Return the ids of submitted attempts that nobody grades, oldest first.

    *tried*: those whose grading has crashed before, if it is time to try again; else those that
    have waited longer than `PATIENCE` without a try. Flagged ones wait for people.
    """
    query = select(Attempt.id).where(
        Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_(None)
    )
    if tried:
        query = query.where(Attempt.grade_tries > 0, Attempt.grade_after <= now)
    else:
        query = query.where(Attempt.grade_tries == 0, Attempt.submitted_at <= now - PATIENCE)
    return db.session.scalars(query.order_by(Attempt.submitted_at)).all()


_FACTS = (
    select(
        Attempt.fellow_id,
        Response.attempt_id,
        Response.item_id,
        Response.case_version_id,
        Response.approach,
        Response.topic,
        Response.credit_num,
        Response.credit_den,
        Attempt.submitted_at,
        Attempt.graded_at,
        Response.harmful,
        Assignment.hidden_until.label("hidden_until"),
    )
    .select_from(Response)
    .join(Response.attempt)
    .join(Attempt.assignment)
    .where(
        Attempt.state == AttemptState.GRADED,
        Attempt.number == 1,
        Response.credit_num.is_not(None),
        ~Response.formative,
    )
    .order_by(Attempt.submitted_at, Attempt.id, Response.position)
)


def graded_facts(
    fellow_ids: Iterable[int], *, since: datetime | None, until: datetime | None
) -> list[Fact]:
    """Return what the first attempts of fellows say, item by item, in one statement.

    Items that had to be left out, wait for a person or are formative are absent. In order of
    submission, then position.

    Args:
        fellow_ids: Whose attempts.
        since: Only attempts *graded* at or after this moment; None: from the start.
        until: Only attempts graded before this moment; None: up to now. It is the grading that
            counts, so that an attempt that waited over a digest's end is in the next digest.
    """
    query = _FACTS.where(Attempt.fellow_id.in_(list(fellow_ids)))
    if since is not None:
        query = query.where(Attempt.graded_at >= since)
    if until is not None:
        query = query.where(Attempt.graded_at < until)
    return [_fact(row) for row in db.session.execute(query)]


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    return Fact(
        fellow_id=row.fellow_id,
        attempt_id=row.attempt_id,
        item_id=row.item_id,
        case_version_id=row.case_version_id,
        approach=row.approach,
        topic=row.topic,
        credit=Fraction(row.credit_num, row.credit_den),
        submitted_at=row.submitted_at,
        graded_at=row.graded_at,
        harmful=row.harmful,
        hidden_until=row.hidden_until,
    )
