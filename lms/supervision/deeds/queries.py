"""Loading what was done with one assignment: a statement for each kind, and none longer than MOST.

What was done to all stands in the audit trail; what was done for one fellow are rows of its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.attempts.models import Attempt, Freeze, Sitting
from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.people.models import User

MOST = 20
"""Of each kind the newest are told, up to so many."""

_actor = aliased(User)


@dataclass(frozen=True)
class DeedForAll:
    """What the trail says that somebody (`by`; None: the service itself) did to an assignment."""

    at: datetime
    by: str | None
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class StoodStill:
    """That the clock of a fellow stood, stopped for the `number`th time by who stopped it.

    `own`: by the fellow. `until` is up to when it is to stand at most, `ended_at` when it went on.
    """

    at: datetime
    by: str | None
    fellow: str
    own: bool
    number: int
    until: datetime | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class WentOnAgain:
    """That an attempt which was handed in could be answered again, until a moment."""

    at: datetime
    by: str | None
    fellow: str
    until: datetime | None
    reason: str | None


def done_to_all(assignment_id: int, actions: Collection[str]) -> list[DeedForAll]:
    """Return what was done of *actions* to an assignment, newest first."""
    rows = db.session.execute(
        select(AuditEvent.at, _actor.name, AuditEvent.action, AuditEvent.before, AuditEvent.after)
        .outerjoin(_actor, _actor.id == AuditEvent.actor_id)
        .where(
            AuditEvent.object_type == "assignment",
            AuditEvent.object_id == assignment_id,
            AuditEvent.action.in_(actions),
        )
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    )
    return [
        DeedForAll(at, by, action, before or {}, after or {})
        for at, by, action, before, after in rows
    ]


def stood_still(assignment_id: int) -> list[StoodStill]:
    """Return when clocks of attempts at an assignment stood, newest first."""
    same = [Freeze.attempt_id, Freeze.frozen_by]
    rows = db.session.execute(
        select(
            Freeze.began_at,
            _actor.name,
            User.name,
            func.coalesce(Freeze.frozen_by == Attempt.fellow_id, False),
            func.row_number().over(partition_by=same, order_by=Freeze.began_at),
            Freeze.until,
            Freeze.ended_at,
            Freeze.reason,
        )
        .join(Attempt, Attempt.id == Freeze.attempt_id)
        .join(User, User.id == Attempt.fellow_id)
        .outerjoin(_actor, _actor.id == Freeze.frozen_by)
        .where(Attempt.assignment_id == assignment_id)
        .order_by(Freeze.began_at.desc(), Freeze.id.desc())
        .limit(MOST)
    )
    return [StoodStill(*row) for row in rows]


def went_on_again(assignment_id: int) -> list[WentOnAgain]:
    """Return when attempts at an assignment were reopened, newest first."""
    rows = db.session.execute(
        select(Sitting.began_at, _actor.name, User.name, Sitting.until, Sitting.reason)
        .join(Attempt, Attempt.id == Sitting.attempt_id)
        .join(User, User.id == Attempt.fellow_id)
        .outerjoin(_actor, _actor.id == Sitting.opened_by)
        .where(Attempt.assignment_id == assignment_id, Sitting.number > 1)
        .order_by(Sitting.began_at.desc())
        .limit(MOST)
    )
    return [WentOnAgain(*row) for row in rows]


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Return what people are called."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row[0]: row[1] for row in rows}
