"""Reading what waits for a mentor, in a fixed number of statements."""

from collections.abc import Iterable

from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.queries import goals_of
from question_bank.goals import GoalState


def goals_to_answer(fellow_ids: Iterable[int]) -> dict[int, list[Goal]]:
    """Return the goals that fellows have proposed and no mentor has answered, by fellow."""
    found: dict[int, list[Goal]] = {}
    for goal in goals_of(fellow_ids, [GoalState.PROPOSED]):
        if goal.waits_for is GoalSide.MENTOR:
            found.setdefault(goal.fellow_id, []).append(goal)
    return found
