"""Loading how fellows stand with what was assigned to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.attempts.models import Attempt, AttemptState, Response, Sitting
from lms.core.clock import local
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Membership
from lms.program.queries import leaves_of
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from lms.quizzes.queries import concerning, sizes
from lms.quizzes.terms import Pair, terms_of
from question_bank.standing import AssignedQuiz, AttemptFacts, GivenQuiz, Standing, standing_of

_FIRST_CLOSED = (
    select(func.min(Sitting.closed_at)).where(Sitting.attempt_id == Attempt.id).scalar_subquery()
)

_SITTINGS = (
    select(
        Attempt.assignment_id,
        Attempt.fellow_id,
        Attempt.id,
        Attempt.number,
        Attempt.state,
        Attempt.deadline_at,
        func.count(Response.answer),
        func.count(Response.id),
        Attempt.flagged_at,
        Attempt.score,
        Attempt.scored,
        Attempt.waiting,
        Attempt.submitted_at,
        _FIRST_CLOSED,
    )
    .outerjoin(Response, Response.attempt_id == Attempt.id)
    .where(Attempt.fellow_id.in_(bindparam("fellow_ids", expanding=True)))
    .group_by(Attempt.id)
    .order_by(Attempt.number)
)

_CONCERNED = (
    concerning(
        bindparam("fellow_ids", expanding=True),
        Assignment.id,
        Assignment.quiz_version_id,
        Quiz.title,
        User.id,
        Membership,
    )
    .join(Assignment.version)
    .join(QuizVersion.quiz)
)
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
    sittings: dict[Pair, list[AttemptFacts]] = {}
    for assignment_id, fellow_id, *row in db.session.execute(asked_of[0], of):
        sittings.setdefault((assignment_id, fellow_id), []).append(_sitting(row))
    ways: dict[Pair, list[Membership | None]] = {}
    quizzes: dict[int, tuple[int, str]] = {}
    for assignment_id, version_id, title, fellow_id, way in db.session.execute(asked_of[1], of):
        ways.setdefault((assignment_id, fellow_id), []).append(way)
        quizzes[assignment_id] = version_id, title
    terms = terms_of(ways, told_to=told_to)
    away = leaves_of(ids)
    asked = sizes({version_id for version_id, _ in quizzes.values()})
    found = [
        standing_of(given, own, size=size, now=now)
        for pair, here in ways.items()
        for version_id, title in [quizzes[pair[0]]]
        for quiz in [AssignedQuiz(pair[0], title, terms[pair])]
        for given in [_given(quiz, pair[1], here, away.get(pair[1], []), now)]
        for own in [sittings.get(pair, [])]
        for size in [asked.get(version_id, 0)]
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
    quiz: AssignedQuiz,
    fellow_id: int,
    ways: Sequence[Membership | None],
    away: Sequence[tuple[datetime, datetime]],
    now: datetime,
) -> GivenQuiz:
    """Return a quiz and a fellow whom it concerns in *ways*: by memberships, or by name (None).

    *away* is from when up to when the fellow is on leave.
    """
    terms = quiz.terms
    return GivenQuiz(
        fellow_id,
        quiz,
        member_now=any(_covers(way, now, terms.zone) for way in ways),
        member_when_due=any(_covers(way, terms.due, terms.zone) for way in ways),
        away_now=any(begins <= now < ends for begins, ends in away),
        away_when_due=any(begins <= terms.due < ends for begins, ends in away),
    )


def _covers(membership: Membership | None, moment: datetime, zone: str) -> bool:
    return membership is None or membership.covers(local(moment, zone).date())


def _sitting(row: Sequence[Any]) -> AttemptFacts:
    """Return what a row of `_SITTINGS` says of an attempt."""
    attempt_id, number, state, deadline_at, answered, items, flagged_at = row[:7]
    score, scored, waiting, submitted_at, first_closed_at = row[7:]
    return AttemptFacts(
        attempt_id=attempt_id,
        number=number,
        deadline_at=deadline_at,
        answered=answered,
        items=items,
        handed_in=state.is_in,
        abandoned=state is AttemptState.ABANDONED,
        graded=state is AttemptState.GRADED,
        set_aside=flagged_at is not None,
        score=score,
        scored=scored,
        waiting=waiting,
        submitted_at=submitted_at,
        first_closed_at=first_closed_at,
    )
