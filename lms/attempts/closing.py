"""Closing attempts: in time, or as their quiz says of those whose time is over."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from lms.attempts import queries
from lms.attempts.exposing import choose_firsts, expose, settle_keys
from lms.attempts.models import Attempt, AttemptState, Sitting, SubmittedBy
from lms.attempts.queries import GRACE
from lms.core.db import db
from lms.quizzes.terms import terms_with
from question_bank.terms import Terms, Unfinished

_ATTEMPT = cast(Table, Attempt.__table__)

_BELL = bindparam("bell", type_=_ATTEMPT.c.deadline_at.type)
"""The time of what ends at that moment or later is not over."""

_WAS_IN = select(
    exists().where(Sitting.attempt_id == bindparam("of_attempt"), Sitting.closed_at.is_not(None))
)
"""Whether an attempt that goes on was handed in before."""


def _closing(
    of: ColumnElement[bool], *, by: SubmittedBy | None = None
) -> ReturningUpdate[tuple[bool]]:
    """Return the statement that closes a running attempt, and says whether it was reopened.

    *by* None: it is abandoned.
    """
    reopened = exists().where(Sitting.attempt_id == bindparam("of_attempt"), Sitting.number > 1)
    state = AttemptState.SUBMITTED if by else AttemptState.ABANDONED
    return (
        update(_ATTEMPT)
        .where(
            _ATTEMPT.c.id == bindparam("of_attempt"),
            _ATTEMPT.c.state == AttemptState.IN_PROGRESS,
            of,
        )
        .values(state=state, submitted_at=bindparam("at") if by else None, submitted_by=by)
        .returning(reopened.label("again"))
    )


_IN_TIME = _closing(
    (_ATTEMPT.c.fellow_id == bindparam("of_fellow")) & (_ATTEMPT.c.deadline_at >= _BELL),
    by=SubmittedBy.FELLOW,
)
_LATE = _closing(_ATTEMPT.c.deadline_at < _BELL, by=SubmittedBy.CLOCK)
_ABANDON = _closing(_ATTEMPT.c.deadline_at < _BELL)
"""Put together once: building such statements costs more than running them."""


def hand_in(fellow_id: int, attempt_id: int, *, now: datetime) -> bool:
    """Hand in a fellow's attempt whose clock goes and whose time is not over, nor the last grace.

    Returns:
        Whether this call did it.
    """
    return _close(_IN_TIME, attempt_id, at=now, bell=now - GRACE, of_fellow=fellow_id)


def run_out(attempt_id: int, *, asked: bool = False, now: datetime) -> AttemptState | None:
    """Close an attempt whose time is over, as its quiz says, and return what it is then.

    What was handed in once, and went on since, is handed in. Else it may be abandoned: then nothing
    of it counts, and its keys are settled.

    Args:
        attempt_id: Which attempt.
        asked: Its fellow asks to hand it in, which is granted while there is grace.
        now: When it is done.

    Returns:
        None: it takes answers, its clock stands, there is grace, or it was closed before.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = queries.locked_attempt(attempt_id)
    ends, bell = attempt.deadline_at, now - GRACE
    if attempt.state is not AttemptState.IN_PROGRESS or ends is None or ends >= bell:
        return None
    terms = terms_with(attempt.assignment_id, attempt.fellow_id)
    last = last_call(attempt_id, ends, terms)
    in_grace = last is not None and bell <= last
    if last is None or (in_grace and asked):
        _close(_LATE, attempt_id, at=now, bell=bell)
        return AttemptState.SUBMITTED
    if in_grace:
        return None
    _close(_ABANDON, attempt_id, bell=bell)
    settle_keys([attempt.fellow_id], now=now)
    return AttemptState.ABANDONED


def last_call(attempt_id: int, ends: datetime, terms: Terms) -> datetime | None:
    """Return up to when an attempt whose time *ends* is to be handed in, else it is abandoned.

    None: it is handed in whatever happens, as its quiz says, or since it was before.
    """
    if terms.unfinished is Unfinished.HAND_IN or _was_in(attempt_id):
        return None
    return terms.handed_in_by(ends)


def to_hand_in(attempt: Attempt | None, terms: Terms, now: datetime) -> datetime | None:
    """Return up to when an attempt can still be handed in, whose time is over; None: it cannot."""
    if attempt is None or attempt.state is not AttemptState.IN_PROGRESS:
        return None
    if attempt.deadline_at is None or now <= attempt.deadline_at:
        return None
    last = last_call(attempt.id, attempt.deadline_at, terms)
    return last if last is not None and now <= last else None


def _close(closing: ReturningUpdate[tuple[bool]], attempt_id: int, **values: Any) -> bool:
    closed = db.session.execute(closing, {"of_attempt": attempt_id, **values}).one_or_none()
    if closed is not None:
        (choose_firsts if closed.again else expose)(attempt_id)
    return closed is not None


def _was_in(attempt_id: int) -> bool:
    return bool(db.session.scalar(_WAS_IN, {"of_attempt": attempt_id}))
