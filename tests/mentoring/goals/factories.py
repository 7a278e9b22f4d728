"""Goals for tests."""

from datetime import date, datetime, timedelta

from lms.mentoring.goals import services
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.wishes import GoalWish
from lms.people.models import Role, User
from question_bank.goals import Measure
from tests.factories import NOW, make_cohort, make_mentorship, make_user
from tests.progress.factories import INTV

DAY = timedelta(days=1)

SENTENCE = "Know which blocks need the anticoagulant stopped."

FIVE_FOUR = Measure(5, 4, topic=INTV)


def make_pair(
    fellow_name: str = "Dr. Amina Diallo", mentor_name: str = "Dr. Leonora Hart"
) -> tuple[User, User]:
    """Return a fellow, and who mentors that fellow."""
    fellow, mentor = (
        make_user(Role.FELLOW, name=fellow_name),
        make_user(Role.MENTOR, name=mentor_name),
    )
    make_cohort(fellow)
    make_mentorship(mentor, fellow)
    return fellow, mentor


def wish(
    sentence: str = SENTENCE, measure: Measure = FIVE_FOUR, due_on: date = date(2027, 1, 15)
) -> GoalWish:
    """Return what is proposed."""
    return GoalWish(sentence, measure, due_on)


def propose(mentor: User, fellow: User, *, now: datetime = NOW, **said) -> Goal:
    """Return a goal that a mentor proposes."""
    return services.propose_goal(mentor, fellow, wish(**said), now=now)


def agreed(mentor: User, fellow: User, *, now: datetime = NOW, **said) -> Goal:
    """Return a goal that a mentor has proposed and the fellow agreed to."""
    return services.agree(fellow, propose(mentor, fellow, now=now, **said).id, now=now)
