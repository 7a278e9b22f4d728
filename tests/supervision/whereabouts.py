"""A cohort at one quiz: somebody in each state, since pages ask the real clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.attempts import freezing
from lms.attempts import services as attempts
from lms.attempts.models import Attempt, Response
from lms.core.db import db
from lms.people.models import User
from lms.quizzes.models import Assignment
from tests.factories import make_cohort, make_fellow
from tests.progress.factories import PHARM, make_given, make_topic_case

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Ward:
    """A quiz of four items and 30 minutes, and its fellows by what they are at."""

    given: Assignment
    fellows: dict[str, User]

    @property
    def page(self) -> str:
        """The address of the assignment."""
        return f"/assignments/{self.given.id}"


def make_ward(now: datetime, *names: str) -> Ward:
    """Return a quiz given to a cohort of fellows with *names*; none has begun."""
    fellows = {name: make_fellow(f"Dr. {name}") for name in names}
    make_cohort(*fellows.values())
    case = make_topic_case(PHARM, 4)
    given = make_given(next(iter(fellows.values())), [case], now + 3 * DAY, title="Fifth rounds")
    given.time_limit = 30
    db.session.flush()
    return Ward(given, fellows)


def begin(ward: Ward, name: str, at: datetime, *, answered: int = 0) -> Attempt:
    """Return the attempt that a fellow began *at*, with so many answers saved then."""
    attempt = attempts.start_attempt(ward.fellows[name], ward.given.id, now=at, seed=1)
    rows = db.session.scalars(
        db.select(Response).where(Response.attempt_id == attempt.id).order_by(Response.position)
    ).all()
    for row in rows[:answered]:
        row.answer, row.saved_at, row.given_at = {"chosen": 1}, at, at
    db.session.flush()
    return attempt


def hand_in(attempt: Attempt, at: datetime) -> None:
    """Hand an attempt in."""
    attempts.submit_attempt(db.session.get_one(User, attempt.fellow_id), attempt.id, now=at)


def freeze(attempt: Attempt, at: datetime) -> None:
    """Stop the clock of an attempt for an hour."""
    freezing.freeze(None, attempt.id, reason="On call", now=at, until=at + 60 * MINUTE)
