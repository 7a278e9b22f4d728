"""Giving an assignment to more than it was given to first."""

from datetime import datetime

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.inserts import insert_unless_present
from lms.people.models import User
from lms.quizzes.assigning.services import check_audience, hold, to_whom
from lms.quizzes.models import Audience
from lms.quizzes.terms import published


class Over(Refusal):
    """Nobody can begin it any more."""

    message = "It is withdrawn, or has closed, so nobody could begin it. Assign the quiz anew."


def add_audience(
    actor: User,
    assignment_id: int,
    *,
    cohort_id: int | None = None,
    fellow_id: int | None = None,
    now: datetime,
) -> bool:
    """Give an assignment to a cohort or a fellow too; return whether it was not given before.

    Raises:
        NotFound: there is no such assignment, cohort or fellow.
        Over: it is withdrawn, or has closed.
        Invalid: neither a cohort nor a fellow is meant, or both are.
    """
    check_audience(cohort_id, [] if fellow_id is None else [fellow_id])
    assignment = hold(assignment_id)
    if assignment.withdrawn_at is not None or published(assignment).closes_at <= now:
        raise Over
    audience = {"cohort_id": cohort_id, "fellow_id": fellow_id}
    added = db.session.scalar(
        insert_unless_present(
            Audience, assignment_id=assignment_id, added_at=now, **audience
        ).returning(Audience.id)
    )
    if added is not None:
        after = to_whom(audience)
        record(actor, "assignment.widen", "assignment", assignment_id, now=now, after=after)
    return added is not None
