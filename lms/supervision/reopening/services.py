"""Reopening an attempt, and telling its fellow."""

from datetime import datetime

from lms.attempts.models import AttemptState
from lms.attempts.queries import locked_attempt
from lms.attempts.reopening import last_sitting
from lms.core.clock import say_when
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, tell
from lms.people.models import User
from lms.people.queries import user_by_id
from lms.supervision import services as acts
from lms.supervision.reopening.queries import Closed, closed_attempt


def is_reopened(attempt_id: int, until: datetime) -> bool:
    """Return whether an attempt, which stays locked, was reopened up to *until*, and goes on."""
    attempt = locked_attempt(attempt_id)
    runs = attempt.state is AttemptState.IN_PROGRESS
    return runs and last_sitting(attempt_id).until == until


def reopen(actor: User, attempt_id: int, *, until: datetime, reason: str, now: datetime) -> None:
    """Let an attempt go on up to *until*, and tell its fellow; errors as of the act."""
    acts.reopen(actor, attempt_id, until=until, reason=reason, now=now)
    closed = closed_attempt(attempt_id, now)
    tell(_letter(closed, until, reason.strip(), now), [user_by_id(closed.fellow_id)], now=now)


def _letter(closed: Closed, until: datetime, reason: str, now: datetime) -> Telling:
    return Telling(
        occasion=QuizOccasion.QUIZ_EXTENDED,
        fact=f"attempt {closed.attempt_id}:{now.isoformat()}",
        about=("assignment", closed.assignment_id),
        subject=f"You can go on with “{closed.title}”",
        sentences=(
            f"It is open for you until {say_when(until, closed.fellow_zone)}. "
            "Hand it in again by then.",
            "All your answers are kept. A score, if there was one, is taken back until then.",
            f"Reason: {reason}",
        ),
        button="Go on",
        path=f"/assignments/{closed.assignment_id}/begin",
    )
