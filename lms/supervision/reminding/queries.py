"""Reading what fellows may have to be told of, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, func, not_, or_, select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response, Sitting
from lms.core.clock import at, local
from lms.core.db import db
from lms.grading.models import Grade, GradeCause
from lms.people.models import Role, User, UserRole
from lms.program.models import Membership
from lms.program.queries import leaves_of
from lms.quizzes.models import Assignment, Audience, Quiz, QuizVersion
from lms.quizzes.queries import concerned, sizes
from lms.quizzes.terms import results_shown, terms_of
from question_bank.terms import Terms

_AT_WORK = (
    User.disabled_at.is_(None),
    exists().where(UserRole.user_id == User.id, UserRole.role == Role.FELLOW),
)
"""Holds of fellows who can sign in."""


@dataclass(frozen=True)
class GivenTo:
    """A quiz that is given to a fellow, whom it concerns now, and who is not on leave.

    `terms` are the fellow's own. `since` is from when on it concerns the fellow, `back_at` when
    the fellow came back from the last leave. `owed`: the fellow is there when it is due. `is_over`:
    it was handed in, or can be by no attempt any more.
    """

    assignment_id: int
    title: str
    fellow: User
    terms: Terms
    since: datetime
    back_at: datetime | None
    owed: bool
    begun: bool
    is_over: bool


def given_now(now: datetime, *, to: int | None = None) -> list[GivenTo]:
    """Return what is given and not over, for each fellow, or one: what is due first, first.

    What was taken back is not in it, nor what would ask nothing. Six statements, however many
    there are.
    """
    audience = _audience(now, to)
    terms = terms_of(list(audience))
    away = leaves_of({fellow_id for _, fellow_id in audience})
    asked = sizes({each.version_id for each in audience.values()})
    taken = _taken({assignment_id for assignment_id, _ in audience})
    found = [
        given
        for pair, member in audience.items()
        if member.version_id in asked
        for given in [_given(member, terms[pair], away.get(pair[1], []), taken.get(pair, []), now)]
        if given is not None
    ]
    return sorted(found, key=lambda each: (each.terms.due, each.assignment_id, each.fellow.id))


@dataclass(frozen=True)
class _InAudience:
    """A fellow whom an assignment concerns, in `ways`: since when, and the membership.

    No membership: it is given by name.
    """

    assignment_id: int
    version_id: int
    title: str
    fellow: User
    ways: list[tuple[datetime, Membership | None]]

    def since(self, moment: datetime) -> datetime | None:
        """Return since when it concerns the fellow at a moment; None: it does not then."""
        zone = self.fellow.time_zone
        day = local(moment, zone).date()
        return min(
            (
                made_at if way is None else max(made_at, at(way.starts_on, time(), zone))
                for made_at, way in self.ways
                if way is None or way.covers(day)
            ),
            default=None,
        )


def _audience(now: datetime, to: int | None) -> dict[tuple[int, int], _InAudience]:
    since = func.coalesce(Audience.added_at, Assignment.created_at)
    of = (Assignment.id, Assignment.quiz_version_id, Quiz.title, since)
    rows = db.session.execute(
        concerned(*of, User, Membership)
        .join(Assignment.version)
        .join(QuizVersion.quiz)
        .where(
            Assignment.withdrawn_at.is_(None),
            not_(results_shown(now)),
            *_AT_WORK,
            *([] if to is None else [User.id == to]),
        )
    )
    found: dict[tuple[int, int], _InAudience] = {}
    for assignment_id, version_id, title, made_at, fellow, way in rows:
        member = _InAudience(assignment_id, version_id, title, fellow, [])
        found.setdefault((assignment_id, fellow.id), member).ways.append((made_at, way))
    return found


def _given(
    member: _InAudience,
    terms: Terms,
    leaves: Sequence[tuple[datetime, datetime]],
    attempts: Sequence[AttemptState],
    now: datetime,
) -> GivenTo | None:
    since = member.since(now)
    if since is None or _is_away(leaves, now):
        return None
    return GivenTo(
        member.assignment_id,
        member.title,
        member.fellow,
        terms,
        since,
        back_at=max((ends for _, ends in leaves if ends <= now), default=None),
        owed=member.since(terms.due) is not None and not _is_away(leaves, terms.due),
        begun=bool(attempts),
        is_over=_is_over(attempts, terms),
    )


def _is_over(attempts: Sequence[AttemptState], terms: Terms) -> bool:
    used_up = len(attempts) >= terms.attempts and AttemptState.IN_PROGRESS not in attempts
    return used_up or any(state.is_in for state in attempts)


def _taken(assignment_ids: Iterable[int]) -> dict[tuple[int, int], list[AttemptState]]:
    rows = db.session.execute(
        select(Attempt.assignment_id, Attempt.fellow_id, Attempt.state).where(
            Attempt.assignment_id.in_(list(assignment_ids))
        )
    )
    found: dict[tuple[int, int], list[AttemptState]] = {}
    for assignment_id, fellow_id, state in rows:
        found.setdefault((assignment_id, fellow_id), []).append(state)
    return found


def _is_away(leaves: Iterable[tuple[datetime, datetime]], moment: datetime) -> bool:
    return any(begins <= moment < ends for begins, ends in leaves)


@dataclass(frozen=True)
class OwnAttempt:
    """An attempt of a fellow who is not on leave, its quiz's title, and the fellow's own `terms`.

    `was_in`: it was handed in before, so it is handed in again, whatever becomes of its time.
    """

    row: Attempt
    fellow: User
    title: str
    terms: Terms
    was_in: bool


def running_out(now: datetime, *, within: timedelta, to: int | None = None) -> list[OwnAttempt]:
    """Return attempts whose time runs out *within* that, and which have run for longer already.

    All, or those of one fellow.

    What was reopened runs since then.
    """
    begun = (
        select(func.max(Sitting.began_at)).where(Sitting.attempt_id == Attempt.id).scalar_subquery()
    )
    return _attempts(
        now,
        Attempt.state == AttemptState.IN_PROGRESS,
        Attempt.deadline_at > now,
        Attempt.deadline_at <= now + within,
        func.coalesce(begun, Attempt.started_at) < now - within,
        *([] if to is None else [Attempt.fellow_id == to]),
    )


def abandoned_lately(
    now: datetime, *, within: timedelta, to: int | None = None
) -> list[OwnAttempt]:
    """Return abandoned attempts whose time ended *within* that: all, or those of one fellow."""
    return _attempts(
        now,
        Attempt.state == AttemptState.ABANDONED,
        Attempt.deadline_at > now - within,
        *([] if to is None else [Attempt.fellow_id == to]),
    )


def graded_lately(now: datetime, *, within: timedelta) -> list[OwnAttempt]:
    """Return attempts that were graded *within* that, or an answer of which was marked."""
    marked = exists().where(
        Response.attempt_id == Attempt.id,
        Grade.response_id == Response.id,
        Grade.why == GradeCause.MARKED,
        Grade.graded_at > now - within,
    )
    return _attempts(
        now,
        Attempt.state == AttemptState.GRADED,
        or_(Attempt.graded_at > now - within, marked),
    )


def _attempts(now: datetime, *which: ColumnElement[bool]) -> list[OwnAttempt]:
    was_in = exists().where(Sitting.attempt_id == Attempt.id, Sitting.closed_at.is_not(None))
    rows = db.session.execute(
        select(Attempt, was_in)
        .join(Attempt.fellow)
        .where(*which, *_AT_WORK)
        .options(
            joinedload(Attempt.fellow),
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz),
        )
        .order_by(Attempt.id)
        .execution_options(populate_existing=True)
    ).all()
    away = leaves_of({each.fellow_id for each, _ in rows})
    terms = terms_of({(each.assignment_id, each.fellow_id) for each, _ in rows})
    return [
        OwnAttempt(
            each,
            each.fellow,
            each.assignment.version.quiz.title,
            terms[each.assignment_id, each.fellow_id],
            closed_before,
        )
        for each, closed_before in rows
        if not _is_away(away.get(each.fellow_id, []), now)
    ]
