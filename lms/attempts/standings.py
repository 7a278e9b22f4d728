"""Loading how fellows stand with what was assigned to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.clock import local
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Membership
from lms.quizzes.models import Assignment, Audience, QuizVersion
from lms.quizzes.queries import sizes
from question_bank.standing import AssignedQuiz, AttemptFacts, GivenQuiz, Standing, standing_of

_SITTINGS = (
    select(
        Attempt.fellow_id,
        Attempt.assignment_id,
        Attempt.id,
        Attempt.number,
        Attempt.state,
        Attempt.deadline_at,
        Attempt.score,
        Attempt.graded_at,
        Attempt.flagged_at,
        Attempt.scored,
        Attempt.waiting,
        func.count(Response.id).label("items"),
        func.count(Response.answer).label("answered"),
    )
    .outerjoin(Response, Response.attempt_id == Attempt.id)
    .group_by(Attempt.id)
    .order_by(Attempt.number)
)

_OPENED = (
    select(Assignment, User.id, Membership, User.time_zone)
    .join(Assignment.audiences)
    .outerjoin(Membership, Membership.cohort_id == Audience.cohort_id)
    .join(User, User.id == func.coalesce(Audience.fellow_id, Membership.fellow_id))
    .options(joinedload(Assignment.version).joinedload(QuizVersion.quiz))
    .order_by(Assignment.due_at, Assignment.id, User.id)
)
"""What has opened for a fellow or a cohort that the fellow was ever in, and the fellow's zone."""


def standings(fellow_ids: Iterable[int], now: datetime) -> list[Standing]:
    """Return how fellows stand with all that has opened for them, by due date.

    What a fellow has begun stays the fellow's. What has not been begun is there while it
    concerns the fellow (`GivenQuiz.concerns`), unless none of its items can be asked.

    Three statements, however many there are.
    """
    fellows = list(fellow_ids)
    sittings: dict[tuple[int, int], list[AttemptFacts]] = {}
    for row in db.session.execute(_SITTINGS.where(Attempt.fellow_id.in_(fellows))):
        sittings.setdefault((row.assignment_id, row.fellow_id), []).append(_sitting(row))
    opened = _OPENED.where(User.id.in_(fellows), Assignment.opens_at <= now)
    members: dict[tuple[Assignment, int], tuple[bool, bool]] = {}
    for assignment, fellow_id, membership, zone in db.session.execute(opened):
        pair = (assignment, fellow_id)
        at_present, when_due = members.get(pair, (False, False))
        members[pair] = (
            at_present or _covers(membership, now, zone),
            when_due or _covers(membership, assignment.due_at, zone),
        )
    asked = sizes({assignment.quiz_version_id for assignment, _ in members})
    return [
        standing_of(given, own, size=size, now=now)
        for (assignment, fellow_id), (at_present, when_due) in members.items()
        for given in [GivenQuiz(fellow_id, _assigned(assignment), at_present, when_due)]
        for own in [sittings.get((assignment.id, fellow_id), [])]
        for size in [asked.get(assignment.quiz_version_id, 0)]
        if own or (size and given.concerns(now))
    ]


def _covers(membership: Membership | None, moment: datetime, zone: str) -> bool:
    """Return whether who is concerned in this way is so at that moment: by name, always."""
    return membership is None or membership.covers(local(moment, zone).date())


def _sitting(row: Row[*tuple[Any, ...]]) -> AttemptFacts:
    return AttemptFacts(
        attempt_id=row.id,
        number=row.number,
        deadline_at=row.deadline_at,
        answered=row.answered,
        items=row.items,
        handed_in=row.state is not AttemptState.IN_PROGRESS,
        graded=row.state is AttemptState.GRADED,
        set_aside=row.flagged_at is not None,
        score=row.score,
        scored=row.scored,
        waiting=row.waiting,
        graded_at=row.graded_at,
    )


def _assigned(assignment: Assignment) -> AssignedQuiz:
    return AssignedQuiz(
        id=assignment.id,
        title=assignment.version.quiz.title,
        due_at=assignment.due_at,
        closes_at=assignment.closes_at,
        time_limit=assignment.time_limit,
        attempts_allowed=assignment.attempts_allowed,
        withdrawn_at=assignment.withdrawn_at,
    )
