"""Reading an attempt that may be reopened."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.attempts.models import AttemptState, Response, SubmittedBy
from lms.attempts.queries import attempt_by_id
from lms.attempts.reopening import key_was_readable
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.sight import Sight
from lms.quizzes.terms import terms_with


@dataclass(frozen=True)
class Closed:
    """An attempt that may be reopened, until `latest` at most.

    `answered` of its `items` have an answer. `key_readable`: the fellow can read a key of it.
    """

    attempt_id: int
    assignment_id: int
    fellow_id: int
    fellow: str
    fellow_zone: str
    title: str
    number: int
    state: AttemptState
    closed_at: datetime | None
    by_clock: bool
    abandoned: bool
    answered: int
    items: int
    latest: datetime
    key_readable: bool

    def sight(self, zone: str) -> Sight:
        """Return what the page shows of it, in *zone*."""
        closed = "" if self.closed_at is None else say_when(self.closed_at, zone)
        return {
            "Attempt": f"{self.fellow}, {self.title}, {self.number}",
            "Closed": f"{closed}, abandoned" if self.abandoned else closed or "Not handed in",
            "Answers": f"{self.answered} of {self.items}",
            "Keys": "Readable" if self.key_readable else "Not readable",
        }


def closed_attempt(attempt_id: int, now: datetime) -> Closed:
    """Return an attempt as the page about its reopening shows it, whether it can be or not.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = attempt_by_id(attempt_id)
    counts = select(func.count(Response.id), func.count(Response.answer))
    items, answered = db.session.execute(counts.where(Response.attempt_id == attempt_id)).one()
    return Closed(
        attempt_id=attempt_id,
        assignment_id=attempt.assignment_id,
        fellow_id=attempt.fellow_id,
        fellow=attempt.fellow.name,
        fellow_zone=attempt.fellow.time_zone,
        title=attempt.assignment.version.quiz.title,
        number=attempt.number,
        state=attempt.state,
        closed_at=attempt.submitted_at or attempt.abandoned_at,
        by_clock=attempt.submitted_by is SubmittedBy.CLOCK,
        abandoned=attempt.abandoned_at is not None,
        answered=answered,
        items=items,
        latest=terms_with(attempt.assignment_id, attempt.fellow_id).results,
        key_readable=key_was_readable(attempt, now),
    )
