"""What the page about a goal shows of it."""

from lms.core.clock import say_date
from lms.core.sight import Sight
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.wording import TAGS, say_aim


def sight_of(goal: Goal) -> Sight:
    """Return what a goal says, and where it stands."""
    return {
        "Goal": goal.sentence,
        "What is counted": f"{say_aim(goal.measure)}, by {say_date(goal.due_on)}",
        "State": TAGS[goal.state][0],
    }
