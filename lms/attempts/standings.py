"""Loading how fellows stand with what was assigned to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response, Sitting
from lms.core.clock import local
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Membership
from lms.program.queries import leaves_of
from lms.quizzes.models import Assignment, QuizVersion
from lms.quizzes.queries import concerning, sizes
from lms.quizzes.terms import terms_of
from question_bank.standing import AssignedQuiz, AttemptFacts, GivenQuiz, Standing, standing_of
from question_bank.terms import Terms

_FIRST_CLOSED = (
    select(func.min(Sitting.closed_at)).where(Sitting.attempt_id == Attempt.id).scalar_subquery()
)

_SITTINGS = (
    select(
        Attempt.fellow_id,
        Attempt.assignment_id,
        Attempt.id,
        Attempt.number,
        Attempt.state,
        Attempt.deadline_at,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.flagged_at,
        Attempt.scored,
        Attempt.waiting,
        func.count(Response.id).label("items"),
        func.count(Response.answer).label("answered"),
        _FIRST_CLOSED.label("first_closed_at"),
    )
    .outerjoin(Response, Response.attempt_id == Attempt.id)
    .where(Attempt.fellow_id.in_(bindparam("fellow_ids", expanding=True)))
    .group_by(Attempt.id)
    .order_by(Attempt.number)
)

_CONCERNED = concerning(
    bindparam("fellow_ids", expanding=True), Assignment, User.id, Membership
).options(joinedload(Assignment.version).joinedload(QuizVersion.quiz))
"""What was ever assigned to fellows, by a membership, or by name (None)."""

_SITTINGS_AT = _SITTINGS.where(Attempt.assignment_id == bindparam("assignment_id"))
_CONCERNED_BY = _CONCERNED.where(Assignment.id == bindparam("assignment_id"))


def standings(
    fellow_ids: Iterable[int],
    now: datetime,
    *,
    told_to: int | None = None,
    ahead: bool = False,
    only: int | None = None,
) -> list[Standing]:
    """Return how fellows stand with all that has opened for them, by due date.

    What a fellow has begun stays the fellow's, whatever its dates say since. What has not been
    begun is there while it concerns the fellow (`GivenQuiz.concerns`), unless none of its items
    can be asked.

    Six statements, however many there are.

    Args:
        fellow_ids: Whose standings.
        now: When it is said.
        told_to: The reader whom it is told to, who learns of no accommodation but the own; None:
            nobody is told.
        ahead: Also what has not opened yet.
        only: Of this assignment alone; also what has not opened yet, asks nothing any more, or was
            taken back. It tells nobody who has begun it.
    """
    ids = list(fellow_ids)
    of: dict[str, object] = {"fellow_ids": ids, "assignment_id": only}
    asked_of = (_SITTINGS, _CONCERNED) if only is None else (_SITTINGS_AT, _CONCERNED_BY)
    sittings: dict[tuple[int, int], list[AttemptFacts]] = {}
    for row in db.session.execute(asked_of[0], of):
        sittings.setdefault((row.assignment_id, row.fellow_id), []).append(_sitting(row))
    ways: dict[tuple[Assignment, int], list[Membership | None]] = {}
    for assignment, fellow_id, way in db.session.execute(asked_of[1], of):
        ways.setdefault((assignment, fellow_id), []).append(way)
    pairs = [(assignment.id, fellow_id) for assignment, fellow_id in ways]
    terms = terms_of(pairs, told_to=told_to)
    away = leaves_of(ids)
    asked = sizes({assignment.quiz_version_id for assignment, _ in ways})
    found = [
        standing_of(given, own, size=size, now=now)
        for (assignment, fellow_id), here in ways.items()
        for own_terms in [terms[assignment.id, fellow_id]]
        for given in [_given(assignment, fellow_id, own_terms, here, away.get(fellow_id, []), now)]
        for own in [sittings.get((assignment.id, fellow_id), [])]
        for size in [asked.get(assignment.quiz_version_id, 0)]
        for known in [own if told_to is None or not only else [e for e in own if e.handed_in]]
        if known or (_may_come(given, now) if only else _is_there(given, size, now, ahead=ahead))
    ]
    return sorted(found, key=lambda each: (each.due, each.assignment.id, each.fellow_id))


def _is_there(given: GivenQuiz, size: int, now: datetime, *, ahead: bool) -> bool:
    """Whether a fellow who has not begun it is to know of it."""
    open_yet = ahead or given.assignment.terms.opens <= now
    return bool(open_yet and size and given.concerns(now))


def _may_come(given: GivenQuiz, now: datetime) -> bool:
    """Whether it concerns a fellow who has not begun it, or did until it was taken back."""
    taken_back = given.assignment.terms.withdrawn is not None
    return given.concerns(now) or (taken_back and given.member_now)


def _given(
    assignment: Assignment,
    fellow_id: int,
    terms: Terms,
    ways: Sequence[Membership | None],
    away: Sequence[tuple[datetime, datetime]],
    now: datetime,
) -> GivenQuiz:
    """Return a quiz and a fellow whom it concerns in *ways*: by memberships, or by name (None).

    *away* is from when up to when the fellow is on leave.
    """
    return GivenQuiz(
        fellow_id,
        AssignedQuiz(assignment.id, assignment.version.quiz.title, terms),
        member_now=any(_covers(way, now, terms.zone) for way in ways),
        member_when_due=any(_covers(way, terms.due, terms.zone) for way in ways),
        away_now=any(begins <= now < ends for begins, ends in away),
        away_when_due=any(begins <= terms.due < ends for begins, ends in away),
    )


def _covers(membership: Membership | None, moment: datetime, zone: str) -> bool:
    return membership is None or membership.covers(local(moment, zone).date())


def _sitting(row: Row[*tuple[Any, ...]]) -> AttemptFacts:
    return AttemptFacts(
        attempt_id=row.id,
        number=row.number,
        deadline_at=row.deadline_at,
        answered=row.answered,
        items=row.items,
        handed_in=row.state.is_in,
        abandoned=row.state is AttemptState.ABANDONED,
        graded=row.state is AttemptState.GRADED,
        set_aside=row.flagged_at is not None,
        score=row.score,
        scored=row.scored,
        waiting=row.waiting,
        submitted_at=row.submitted_at,
        first_closed_at=row.first_closed_at,
    )
