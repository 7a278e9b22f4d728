"""Taking out one person's answers: with a reason, audited, and told to that person."""

from datetime import datetime

from lms.attempts.secrecy import check_may_read_all
from lms.core.audit import record
from lms.core.errors import Invalid, NotFound
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, tell
from lms.people.models import User
from lms.people.queries import user_by_id
from lms.quizzes.models import Assignment
from lms.supervision.exporting.queries import OwnAnswer, answers_of


def take_out_answers(
    actor: User, given: Assignment, fellow_id: int, *, reason: str, now: datetime
) -> list[OwnAnswer]:
    """Return a fellow's answers with an assignment, for *actor*, a director, to keep.

    Raises:
        Invalid: no reason is given.
        NotFound: the fellow has begun nothing of it.
        KeysKept: *actor* may be asked the same.
    """
    if not reason.strip():
        raise Invalid("Say why you need them.", field="reason")
    found = answers_of(given.id, fellow_id)
    if not found:
        raise NotFound("There are no answers of this fellow.")
    check_may_read_all(actor, {each.item.case_id for each in found}, now)
    after = {"fellow": fellow_id, "reason": reason}
    record(actor, "answers.export", "assignment", given.id, now=now, after=after)
    tell(_letter(actor, given, reason, now), [user_by_id(fellow_id)], now=now)
    return found


def _letter(actor: User, given: Assignment, reason: str, now: datetime) -> Telling:
    title = given.version.quiz.title
    return Telling(
        occasion=QuizOccasion.ANSWERS_TAKEN_OUT,
        fact=f"{given.id}:{now.isoformat()}",
        about=("assignment", given.id),
        subject=f"{actor.name} has taken out your answers to “{title}”",
        sentences=(f"{actor.name}, a director of the program, has a copy.", f"Reason: {reason}"),
        button="Look at the quiz",
        path=f"/assignments/{given.id}/begin",
    )
