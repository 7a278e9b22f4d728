"""Loading where fellows are with one assignment, in a fixed number of statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from lms.attempts.models import Attempt, AttemptState, Freeze, Response
from lms.attempts.standings import standings
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Membership
from lms.program.queries import leaves_of
from lms.quizzes.models import Assignment
from lms.quizzes.queries import concerned
from lms.signin.models import UserSession
from question_bank.standing import Standing
from question_bank.whereabouts import Whereabouts, whereabouts


@dataclass(frozen=True)
class TakenAttempt:
    """One attempt, as who supervises it may want to know; `answered` of `items` have an answer.

    `ended_at`: when its time ended, if it is abandoned; `saved_at`: when an answer was saved last.
    While its clock stands, it does so since `frozen_at` and until `frozen_until`, if that is known.
    """

    attempt_id: int
    number: int
    answered: int
    items: int
    started_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    graded: bool
    waiting: int
    score: int | None
    scored: int
    frozen_at: datetime | None
    frozen_until: datetime | None
    saved_at: datetime | None


@dataclass(frozen=True)
class Watched:
    """A fellow whom an assignment concerns, with the attempts in their order.

    `seen_at`: when the fellow was last on the site, to two minutes, or saved an answer;
    `away_until`: on leave, up to then.
    """

    fellow_id: int
    name: str
    where: Whereabouts
    standing: Standing
    taken: tuple[TakenAttempt, ...]
    seen_at: datetime | None
    away_until: datetime | None

    @property
    def newest(self) -> TakenAttempt | None:
        """The newest attempt."""
        return self.taken[-1] if self.taken else None

    @property
    def abandoned(self) -> TakenAttempt | None:
        """The newest attempt, if it is abandoned, and none was handed in."""
        lost = self.newest is not None and self.newest.ended_at is not None
        return self.newest if lost and self.handed_in is None else None

    @property
    def handed_in(self) -> TakenAttempt | None:
        """The newest attempt that was handed in."""
        return next((each for each in reversed(self.taken) if each.submitted_at), None)


_FELLOWS = (
    concerned(User.id, User.name, Membership.id)
    .where(Assignment.id == bindparam("assignment_id"))
    .order_by(User.name, User.id)
)

_STANDS_UNTIL = (
    select(func.max(Freeze.until))
    .where(Freeze.attempt_id == Attempt.id, Freeze.ended_at.is_(None))
    .scalar_subquery()
)

_TAKEN = (
    select(
        Attempt.fellow_id,
        Attempt.id,
        Attempt.number,
        Attempt.state,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.deadline_at,
        Attempt.waiting,
        Attempt.score,
        Attempt.scored,
        Attempt.frozen_at,
        _STANDS_UNTIL.label("frozen_until"),
        func.count(Response.id).label("items"),
        func.count(Response.answer).label("answered"),
        func.max(Response.saved_at).label("saved_at"),
    )
    .outerjoin(Response, Response.attempt_id == Attempt.id)
    .where(Attempt.assignment_id == bindparam("assignment_id"))
    .group_by(Attempt.id)
    .order_by(Attempt.number)
)

_SEEN = (
    select(UserSession.user_id, func.max(UserSession.seen_at))
    .where(UserSession.user_id.in_(bindparam("fellow_ids", expanding=True)))
    .group_by(UserSession.user_id)
)


def watched(assignment_id: int, now: datetime, *, told_to: int | None = None) -> list[Watched]:
    """Return where each fellow is whom an assignment concerns, by name; in ten statements.

    Args:
        assignment_id: Which assignment.
        now: When it is said.
        told_to: The reader whom it is told to, who learns of no accommodation; None: a director.
    """
    at = {"assignment_id": assignment_id}
    names = {row[0]: row[1] for row in db.session.execute(_FELLOWS, at)}
    taken: dict[int, list[TakenAttempt]] = {}
    for row in db.session.execute(_TAKEN, at):
        taken.setdefault(row.fellow_id, []).append(_taken(row))
    seen = _seen(names)
    away = leaves_of(names)
    stand = {
        each.fellow_id: each for each in standings(names, now, told_to=told_to, only=assignment_id)
    }
    return [
        Watched(
            fellow_id=fellow_id,
            name=name,
            where=_where(stand[fellow_id], own, seen.get(fellow_id), now),
            standing=stand[fellow_id],
            taken=own,
            seen_at=_latest(seen.get(fellow_id), own[-1].saved_at if own else None),
            away_until=max((e for b, e in away.get(fellow_id, []) if b <= now < e), default=None),
        )
        for fellow_id, name in names.items()
        if fellow_id in stand
        for own in [tuple(taken.get(fellow_id, ()))]
    ]


def _where(
    standing: Standing, taken: tuple[TakenAttempt, ...], seen_at: datetime | None, now: datetime
) -> Whereabouts:
    newest = taken[-1] if taken else None
    return whereabouts(
        standing,
        handed_in=newest is not None and newest.submitted_at is not None,
        frozen=newest is not None and newest.frozen_at is not None,
        heard_at=_latest(seen_at, newest.saved_at, newest.started_at) if newest else None,
        now=now,
    )


def _latest(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def _seen(fellow_ids: Collection[int]) -> Mapping[int, datetime]:
    rows = db.session.execute(_SEEN, {"fellow_ids": list(fellow_ids)})
    return {row[0]: row[1] for row in rows}


def _taken(row: Row[*tuple[Any, ...]]) -> TakenAttempt:
    return TakenAttempt(
        attempt_id=row.id,
        number=row.number,
        answered=row.answered,
        items=row.items,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        ended_at=row.deadline_at if row.state is AttemptState.ABANDONED else None,
        graded=row.state is AttemptState.GRADED,
        waiting=row.waiting,
        score=row.score,
        scored=row.scored,
        frozen_at=row.frozen_at,
        frozen_until=row.frozen_until,
        saved_at=row.saved_at,
    )
