"""Giving a quiz to a cohort, and taking it back."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from lms.program.models import Cohort
from lms.quizzes import queries
from lms.quizzes.models import Assignment, Feedback
from lms.quizzes.services import newest


class Empty(Refusal):
    """Nothing to assign."""

    message = "The quiz has no items yet. Add cases or fill it by the blueprint, then assign it."


@dataclass(frozen=True)
class Terms:
    """When a quiz is open, and how it may be taken.

    `time_limit` is in minutes for one attempt, 1 to 600; None: until it closes.
    `attempts_allowed` is 1 to 10.
    """

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    time_limit: int | None = None
    attempts_allowed: int = 1
    feedback: Feedback = Feedback.GRADED
    ask_confidence: bool = True


def assign(actor: User, quiz_id: int, *, cohort_id: int, terms: Terms, now: datetime) -> Assignment:
    """Give the newest version of a quiz to a cohort; that version never changes again.

    What was given to the cohort on the same terms already is not given again.

    Raises:
        NotFound: there is no such quiz or cohort.
        Archived, Empty: the quiz is not in use, or has no items.
        Invalid: the dates are out of order, or past.
    """
    version = newest(quiz_id)
    if db.session.get(Cohort, cohort_id) is None:
        raise NotFound("There is no such cohort.")
    if not queries.places_of(version.id):
        raise Empty
    if not terms.opens_at < terms.due_at <= terms.closes_at:
        raise Invalid("A quiz opens first, is due later, and closes when it is due or later.")
    if terms.closes_at <= now:
        raise Invalid("It would have closed already. Give a time to come.", field="closes_at")
    given = {"quiz_version_id": version.id, "cohort_id": cohort_id, **asdict(terms)}
    known = db.session.scalar(select(Assignment).filter_by(**given, withdrawn_at=None).limit(1))
    if known is not None:
        return known
    version.frozen_at = version.frozen_at or now
    assignment = Assignment(created_by=actor.id, created_at=now, **given)
    db.session.add(assignment)
    db.session.flush()
    after = {"quiz": quiz_id, "version": version.number, "cohort": cohort_id}
    record(actor, "quiz.assign", "assignment", assignment.id, now=now, after=after)
    return assignment


def withdraw_assignment(actor: User | None, assignment_id: int, *, now: datetime) -> None:
    """Take an assignment back: nobody can begin it any more. Who has begun it can go on.

    Nothing happens if it was taken back before.

    Raises:
        NotFound: there is no such assignment.
    """
    queries.assignment_by_id(assignment_id)
    taken_back = db.session.scalar(
        update(Assignment)
        .where(Assignment.id == assignment_id, Assignment.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(Assignment.id)
    )
    if taken_back is not None:
        record(actor, "quiz.withdraw", "assignment", assignment_id, now=now)
