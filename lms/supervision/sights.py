"""What the page of an assignment shows of it: what the assignment says for all."""

from datetime import timedelta

from lms.core.clock import say_day, say_when
from lms.core.figures import plural, say_freezes, say_unfinished
from lms.core.sight import Sight
from lms.quizzes.models import Assignment
from lms.quizzes.terms import published
from lms.quizzes.wording import say_whom
from question_bank.terms import Feedback


def rules_of(given: Assignment, zone: str) -> Sight:
    """Return the rules of an assignment, its moments in *zone*."""
    limit = published(given).time_limit
    return {
        "Opens": say_when(published(given).opens_at, zone),
        "Due": say_when(published(given).due_at, zone),
        "Closes": say_when(published(given).closes_at, zone),
        "Time limit": f"{limit} min" if limit else "None within the window",
        "Attempts": str(published(given).attempts_allowed),
        "Answers and reasons": _answers(given, zone),
        "If time runs out": _capital(
            say_unfinished(
                published(given).unfinished, timedelta(minutes=published(given).grace_minutes)
            )
        ),
        "Freezes": say_freezes(
            published(given).freezes, timedelta(minutes=published(given).freeze_minutes)
        ),
        "How sure": "Asked beside each choice" if given.ask_confidence else "Not asked",
        "Version": str(given.version.number),
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _answers(given: Assignment, zone: str) -> str:
    if published(given).feedback is Feedback.CLOSED:
        return f"Shown after it closes, from {say_when(published(given).results_at, zone)} on"
    several = published(given).attempts_allowed > 1
    return "Shown once the last attempt is graded" if several else "Shown once graded"


def rules_in_short(given: Assignment, items: int, zone: str) -> str:
    """Return "24 items, 30 min. For … Due Wed Dec 2, closes Wed Dec 9, 5:00 PM Eastern."."""
    minutes = published(given).time_limit
    limit = f", {minutes} min" if minutes else ""
    due = say_day(published(given).due_at, zone)
    dates = f"Due {due}, closes {say_when(published(given).closes_at, zone)}."
    return f"{plural(items, 'item')}{limit}. For {say_whom(given)}. {dates}"


def sight_of(given: Assignment, zone: str) -> Sight:
    """Return how an assignment stands: what is given to whom, by which rules, and whether still."""
    return {
        "Quiz": given.version.quiz.title,
        "For": " and ".join(each.said for each in given.audiences),
        "State": "Withdrawn" if given.withdrawn_at else "Given",
        **rules_of(given, zone),
    }
