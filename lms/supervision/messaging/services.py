"""Writing to those who have not begun."""

from datetime import datetime

from sqlalchemy import select

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, tell
from lms.notices.typed import check_text, lines_of, not_told
from lms.people.models import User
from lms.quizzes.models import Assignment
from lms.supervision.access import not_begun
from lms.supervision.watching import Watched, watched


def unbegun(assignment_id: int, now: datetime) -> list[Watched]:
    """Return who has not begun an assignment and still can, by name."""
    return not_begun(watched(assignment_id, now))


def write_to_unbegun(
    actor: User, given: Assignment, *, text: str, token: str, now: datetime
) -> int:
    """Send *text*, as it was typed, to who has not begun; return how many are told by this press.

    The same form (*token*) writes to each of them once, however often it is sent.

    Raises:
        Invalid: there is no text, or too much, or nobody to read it.
    """
    check_text(text)
    ids = [each.fellow_id for each in unbegun(given.id, now)]
    people = db.session.scalars(select(User).where(User.id.in_(ids), User.disabled_at.is_(None)))
    telling = _letter(actor, given, text, token)
    new = not_told(telling, people.all())
    if not ids:
        raise Invalid("Everybody has begun meanwhile. Nothing was sent.", field="text")
    if new:
        tell(telling, new, now=now)
        after = {"fellows": [each.id for each in new], "text": text}
        record(actor, "assignment.message", "assignment", given.id, now=now, after=after)
    return len(new)


def _letter(actor: User, given: Assignment, text: str, token: str) -> Telling:
    return Telling(
        occasion=QuizOccasion.QUIZ_MESSAGE,
        fact=f"{given.id}:{token}",
        about=("assignment", given.id),
        subject=f"{given.version.quiz.title}: a message from {actor.name}",
        sentences=lines_of(text),
        button="Look at the quiz",
        path=f"/assignments/{given.id}/begin",
    )
