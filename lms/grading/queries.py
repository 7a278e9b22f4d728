"""Which attempts wait to be graded."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.attempts.models import Attempt, AttemptState
from lms.core.db import db

PATIENCE = timedelta(seconds=30)
"""How long a submitted attempt may wait before the sweep takes it for forgotten."""


def ungraded(now: datetime, *, tried: bool) -> Sequence[int]:
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
