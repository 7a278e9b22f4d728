"""What fellows are told of their quizzes: in their own zone, nothing of a key or a score."""

from datetime import datetime, timedelta

from lms.core.clock import say_when
from lms.core.figures import plural, say_unfinished
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling
from lms.supervision.reminding.queries import GivenTo, OwnAttempt
from question_bank.terms import Feedback, Terms, Unfinished

_ABANDONED = "abandoned"


def tells_of_abandoned(key: str) -> bool:
    """Return whether what was told under *key* is that an attempt was abandoned."""
    return f":{_ABANDONED}:" in key


def assigned(given: GivenTo, now: datetime) -> Telling:
    """Return that a quiz is assigned to a fellow."""
    terms = given.terms
    opens = f"It opens {say_when(terms.opens, terms.zone)}."
    return Telling(
        occasion=QuizOccasion.QUIZ_ASSIGNED,
        fact=str(given.assignment_id),
        about=("assignment", given.assignment_id),
        subject=f"“{given.title}” is assigned to you",
        sentences=("It is open." if terms.opens <= now else opens, *_dates(terms, now)),
        button="Read the rules",
        path=f"/assignments/{given.assignment_id}/begin",
    )


def opened(given: GivenTo, now: datetime) -> Telling:
    """Return that a quiz, which was assigned before, is open."""
    return Telling(
        occasion=QuizOccasion.QUIZ_OPENS,
        fact=str(given.assignment_id),
        about=("assignment", given.assignment_id),
        subject=f"“{given.title}” is open",
        sentences=_dates(given.terms, now),
        button="Read the rules and start",
        path=f"/assignments/{given.assignment_id}/begin",
    )


def _dates(terms: Terms, now: datetime) -> tuple[str, ...]:
    due, closes = (say_when(moment, terms.zone) for moment in (terms.due, terms.closes))
    said = f"It {'is' if now < terms.due else 'was'} due {due}."
    return (said,) if closes == due else (said, f"It closes {closes}.")


def due(given: GivenTo) -> Telling:
    """Return that a quiz is due at a moment; another moment is another fact."""
    when = say_when(given.terms.due, given.terms.zone)
    return Telling(
        occasion=QuizOccasion.QUIZ_DUE,
        fact=f"{given.assignment_id}:{given.terms.due.isoformat()}",
        about=("assignment", given.assignment_id),
        subject=f"“{given.title}” is due {when}",
        sentences=(
            "You have begun it, and not handed it in yet."
            if given.begun
            else "You have not begun it yet.",
        ),
        button="Go on with it" if given.begun else "Read the rules and start",
        path=f"/assignments/{given.assignment_id}/begin",
    )


def runs_out(attempt: OwnAttempt) -> Telling:
    """Return that the time of an attempt ends at a moment; another moment is another fact."""
    ends = attempt.row.deadline_at
    assert ends is not None, "its clock runs"  # noqa: S101
    when = say_when(ends, attempt.fellow.time_zone)
    return Telling(
        occasion=QuizOccasion.TIME_RUNS_OUT,
        fact=f"{attempt.row.id}:{ends.isoformat()}",
        about=("attempt", attempt.row.id),
        subject=f"The time of “{attempt.title}” runs out {when}",
        sentences=(
            "What you have answered is saved. Answer the rest, and hand it in by then.",
            f"If the time runs out before that, {_say_rule(attempt, ends)}.",
        ),
        button="Go on with it",
        path=f"/attempts/{attempt.row.id}",
    )


def _say_rule(attempt: OwnAttempt, ends: datetime) -> str:
    """Return what becomes of an attempt whose time ends so: grace is said as far as there is."""
    rule = Unfinished.HAND_IN if attempt.was_in else attempt.terms.unfinished
    grace = attempt.terms.handed_in_by(ends) - ends
    none = rule is Unfinished.GRACE and grace < timedelta(minutes=1)
    return say_unfinished(Unfinished.ABANDON if none else rule, grace)


def abandoned(attempt: OwnAttempt, now: datetime) -> Telling:
    """Return that an attempt was abandoned as its time ended; reopened, it may be once more."""
    ended, terms = attempt.row.deadline_at, attempt.terms
    assert ended is not None, "it is abandoned"  # noqa: S101
    when, closes = (say_when(moment, attempt.fellow.time_zone) for moment in (ended, terms.closes))
    once_more = f"Another attempt can be begun until {closes}."
    return Telling(
        occasion=QuizOccasion.QUIZ_GRADED,
        fact=f"{attempt.row.id}:{ended.isoformat()}:{_ABANDONED}",
        about=("attempt", attempt.row.id),
        subject=f"“{attempt.title}” was not handed in in time",
        sentences=(
            f"Its time ended {when}, and nothing of this attempt counts.",
            *((once_more,) if terms.may_begin(attempt.row.number, now) else ()),
        ),
        button="See what that means",
        path=f"/attempts/{attempt.row.id}/result",
    )


def graded(attempt: OwnAttempt, now: datetime) -> Telling:
    """Return that an attempt is graded, and what of it still waits."""
    waiting = attempt.row.waiting
    wait = "waits" if waiting == 1 else "wait"
    terms = attempt.terms
    later = (
        f"Answers and explanations are shown from "
        f"{say_when(terms.results, attempt.fellow.time_zone)} on."
        if terms.policy is Feedback.CLOSED and terms.results > now
        else None
    )
    return Telling(
        occasion=QuizOccasion.QUIZ_GRADED,
        fact=graded_fact(attempt, whole=not waiting),
        about=("attempt", attempt.row.id),
        subject=f"“{attempt.title}” is graded",
        sentences=(
            f"{plural(waiting, 'answer')} still {wait} to be marked by a person."
            if waiting
            else "What you handed in is graded, and its result is there.",
            *((later,) if later else ()),
        ),
        button="See the result",
        path=f"/attempts/{attempt.row.id}/result",
    )


def marked(attempt: OwnAttempt) -> Telling:
    """Return that the last answers of an attempt are marked, which waited when it was graded."""
    return Telling(
        occasion=QuizOccasion.QUIZ_GRADED,
        fact=graded_fact(attempt, whole=True),
        about=("attempt", attempt.row.id),
        subject=f"Your written answers to “{attempt.title}” are marked",
        sentences=("The result has been brought up to date.",),
        button="See the result",
        path=f"/attempts/{attempt.row.id}/result",
    )


def graded_fact(attempt: OwnAttempt, *, whole: bool) -> str:
    """Return what tells one grading of an attempt apart, *whole* or with answers that wait.

    Handed in again after a reopening, it is graded anew.
    """
    at = attempt.row.graded_at
    assert at is not None, "it is graded"  # noqa: S101
    return f"{attempt.row.id}:{at.isoformat()}:{'whole' if whole else 'part'}"
