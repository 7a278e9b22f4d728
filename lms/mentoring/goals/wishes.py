"""What is proposed as a goal, and whether it can be one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.core.clock import local
from lms.core.errors import Invalid
from lms.mentoring.goals.models import Goal
from lms.people.models import User
from lms.program.blueprint import blueprint
from question_bank.goals import Measure

LONGEST = 200
"""How many characters the sentence of a goal may have."""

FARTHEST = timedelta(days=366)
"""How far ahead the day of a goal may be."""


@dataclass(frozen=True)
class GoalWish:
    """What somebody proposes: a sentence, what is measured, and by when."""

    sentence: str
    measure: Measure
    due_on: date


def wish_of(goal: Goal) -> GoalWish:
    """Return what was proposed as a goal."""
    return GoalWish(goal.sentence, goal.measure, goal.due_on)


def checked_wish(wish: GoalWish, fellow: User, now: datetime) -> GoalWish:
    """Return a wish with its sentence on one line.

    Raises:
        Invalid: it has no sentence, or one that is too long, is about nothing that the blueprint
            has, or its day will not do.
    """
    if len(wish.sentence) > LONGEST:
        raise Invalid(f"At most {LONGEST} characters.", field="sentence")
    sentence = " ".join(wish.sentence.split())
    if not sentence:
        raise Invalid("Write the goal in one sentence.", field="sentence")
    plan, measure = blueprint(), wish.measure
    topics = {topic.id for topic in plan.topics if not topic.retired}
    approaches = {approach.id for approach in plan.approaches}
    if measure.topic not in topics and measure.approach not in approaches:
        raise Invalid("Choose an approach or a topic.", field="about")
    check_day(wish.due_on, fellow, now)
    return GoalWish(sentence, measure, wish.due_on)


def check_day(due_on: date, fellow: User, now: datetime) -> None:
    """Check that a goal of the fellow can be due on a day.

    Raises:
        Invalid: it is not after today, or more than a year ahead.
    """
    today = local(now, fellow.time_zone).date()
    if not today < due_on <= today + FARTHEST:
        raise Invalid("Give a day from tomorrow on, within a year.", field="due_on")
