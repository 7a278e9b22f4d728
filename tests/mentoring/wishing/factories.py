"""Short quizzes for tests."""

from datetime import date, datetime, timedelta

from lms.core.settings import change_settings_of_program
from lms.mentoring.wishing import services
from lms.mentoring.wishing.models import QuizWish
from lms.mentoring.wishing.services import WantedQuiz
from lms.mentoring.wishing.settings import SHORT_QUIZZES, ShortQuizzes
from lms.people.models import User
from tests.factories import NOW, add, day_of
from tests.progress.factories import PSYCH, make_topic_case

PSYCHOLOGICAL = "psychological"


def fill_bank(cases: int = 4, items: int = 3) -> None:
    """Have the bank hold so many psychological cases, with so many items each."""
    for _ in range(cases):
        make_topic_case(PSYCH, items)


def let_mentors_give() -> None:
    """Have the program let mentors give short quizzes by themselves."""
    change_settings_of_program(None, {SHORT_QUIZZES: ShortQuizzes(by_mentors=True)}, now=NOW)


def wanted(
    approach: str = PSYCHOLOGICAL,
    opens_on: date = date(2026, 11, 25),
    due_on: date = date(2026, 12, 2),
) -> WantedQuiz:
    """Return what a mentor wants: of NOW, today, for a week."""
    return WantedQuiz(approach, opens_on, due_on)


def make_waiting_wish(
    mentor: User, fellow: User, approach: str = PSYCHOLOGICAL, *, now: datetime
) -> QuizWish:
    """Return a short quiz that waits for a director, whatever the bank holds."""
    return add(
        QuizWish(
            fellow_id=fellow.id,
            mentor_id=mentor.id,
            approach=approach,
            items=10,
            opens_on=day_of(now),
            due_on=day_of(now) + timedelta(weeks=1),
            asked_at=now,
        )
    )


def wish(mentor: User, fellow: User, *, now: datetime = NOW, **said: object) -> QuizWish:
    """Return a short quiz that a mentor wants for a fellow."""
    return services.wish_quiz(mentor, fellow.id, wanted(**said), now=now)  # type: ignore[arg-type]
