"""What a fellow reads when an assignment is changed: what holds for the fellow now, and did."""

from datetime import datetime

from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling
from lms.supervision.dates.changing import Affected, TermsChange
from lms.supervision.dates.wording import said_to_fellow


def letter_about(
    assignment_id: int, change: TermsChange, one: Affected, *, reason: str, now: datetime
) -> Telling:
    """Return what one fellow is told of a change, in the own zone."""
    said = said_to_fellow(
        change.title,
        one.shifts,
        (one.before.place, one.after.place),
        zone=one.after.zone,
        now=now,
    )
    single = said[0].split(";")[0].rstrip(".")
    return Telling(
        occasion=QuizOccasion.QUIZ_CHANGED,
        fact=f"{assignment_id}:{now.isoformat()}",
        about=("assignment", assignment_id),
        subject=single if len(said) == 1 else f"“{change.title}” has changed",
        sentences=(*said, *([f"Reason: {reason}"] if reason else [])),
        button="Look at the quiz",
        path=f"/assignments/{assignment_id}/begin",
    )
