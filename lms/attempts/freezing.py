"""Stopping the clock of an attempt, and letting it go on with what was left of its time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.attempts import queries
from lms.attempts.models import Attempt, Freeze
from lms.attempts.retiming import retime
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.people.models import User
from lms.quizzes.terms import results_shown, terms_with

CALLED_AWAY = "Called away."
"""Why fellows stop the clock themselves, as the record of it says."""


class NoFreezeLeft(Refusal):
    """The fellow has stopped the clock as often as the quiz allows."""

    message = (
        "The clock of this attempt was stopped as often as the quiz allows. A director can stop it."
    )


class NotRunning(Refusal):
    """The attempt takes no answers, so there is no clock to stop."""

    message = "This attempt does not run any more, so its clock cannot be stopped."


def freeze(
    actor: User | None,
    attempt_id: int,
    *,
    reason: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Stop the clock of a running attempt, up to *until* at the latest, or until results are shown.

    It takes no answers meanwhile, and no sweep closes it. Nothing happens if its clock stands,
    and is to stand still.

    Raises:
        NotFound: there is no such attempt.
        NotRunning: it was handed in, or its time is over.
        Invalid: no reason is given, or *until* is past.
    """
    if not reason.strip():
        raise Invalid("Say why the clock is stopped.", field="reason")
    if until is not None and until <= now:
        raise Invalid("Give a time to come.", field="until")
    attempt = queries.locked_attempt(attempt_id)
    if attempt.frozen_at is not None and not resume_due(attempt_id, now=now):
        return
    if not queries.is_running(attempt, now):
        raise NotRunning
    db.session.add(
        Freeze(
            attempt_id=attempt_id,
            began_at=now,
            until=until,
            frozen_by=actor.id if actor else None,
            reason=reason.strip(),
        )
    )
    retime([attempt_id])
    record(actor, "attempt.freeze", "attempt", attempt_id, now=now, after={"reason": reason})


def own_freezes(fellow_id: int, attempt_id: int) -> int:
    """Return how often the fellow has stopped the clock of the own attempt."""
    own = select(func.count(Freeze.id)).where(
        Freeze.attempt_id == attempt_id, Freeze.frozen_by == fellow_id
    )
    return db.session.scalar(own) or 0


def open_freeze(attempt_id: int) -> Freeze | None:
    """Return why and until when the clock of an attempt stands; None: it goes."""
    standing = select(Freeze).where(Freeze.attempt_id == attempt_id, Freeze.ended_at.is_(None))
    return db.session.scalar(standing)


def freeze_own(fellow: User, attempt_id: int, *, used: int, now: datetime) -> None:
    """Stop the clock of the own attempt, for as long as the quiz allows.

    Nothing happens if it stands, or if the fellow has stopped it since it was *used* so often: the
    same button was pressed twice.

    Raises:
        NotFound: there is no such attempt of this fellow.
        NoFreezeLeft: the fellow has stopped it as often as the quiz allows.
        NotRunning: it was handed in, or its time is over.
    """
    attempt = queries.attempt_of(fellow.id, attempt_id)
    queries.locked_attempt(attempt_id)
    if own_freezes(fellow.id, attempt_id) != used:
        return
    terms = terms_with(attempt.assignment_id, fellow.id)
    if used >= terms.freezes:
        raise NoFreezeLeft
    freeze(fellow, attempt_id, reason=CALLED_AWAY, until=now + terms.pause, now=now)


def resume_own(fellow: User, attempt_id: int, *, now: datetime) -> None:
    """Let the clock of the own attempt go on that the fellow has stopped; of others' nothing.

    Raises:
        NotFound: there is no such attempt of this fellow.
    """
    queries.attempt_of(fellow.id, attempt_id)
    queries.locked_attempt(attempt_id)
    _end(fellow, attempt_id, Freeze.frozen_by == fellow.id, now=now)


def resume(actor: User | None, attempt_id: int, *, now: datetime) -> None:
    """Let the clock of an attempt go on, with the time that was left when it was stopped.

    Nothing happens if it goes.

    Raises:
        NotFound: there is no such attempt.
    """
    queries.locked_attempt(attempt_id)
    _end(actor, attempt_id, now=now)


def resume_due(attempt_id: int, *, now: datetime) -> bool:
    """Let the clock of an attempt go on, if it was to stand until a moment that has come.

    It stands at most until results are shown: nobody has time beyond.

    The fellow who asks for it and the sweep do so, whoever comes first. It goes on from *now*:
    nobody loses what the sweep is late.
    """
    if db.session.scalar(_due(now, Freeze.id).where(Freeze.attempt_id == attempt_id)) is None:
        return False
    queries.locked_attempt(attempt_id)
    return _end(None, attempt_id, Freeze.id.in_(_due(now, Freeze.id)), now=now)


def _end(actor: User | None, attempt_id: int, *which: ColumnElement[bool], now: datetime) -> bool:
    ended = db.session.scalar(
        update(Freeze)
        .where(Freeze.attempt_id == attempt_id, Freeze.ended_at.is_(None), *which)
        .values(ended_at=now)
        .returning(Freeze.id)
        .execution_options(synchronize_session=False)
    )
    if ended is not None:
        retime([attempt_id])
        record(actor, "attempt.resume", "attempt", attempt_id, now=now)
    return ended is not None


def to_resume(now: datetime) -> Sequence[int]:
    """Return the ids of attempts whose clock was to stand until a moment that has come."""
    return db.session.scalars(_due(now, Freeze.attempt_id).order_by(Freeze.id)).all()


def _due(now: datetime, what: InstrumentedAttribute[int]) -> Select[int]:
    """Return how to find *what* of the freezes that are open and are to end by *now*."""
    return (
        select(what)
        .join(Attempt, Attempt.id == Freeze.attempt_id)
        .join(Attempt.assignment)
        .where(Freeze.ended_at.is_(None), or_(Freeze.until <= now, results_shown(now)))
    )
