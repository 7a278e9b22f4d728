"""Noting what came of goals, and telling it once."""

from datetime import datetime

from sqlalchemy import update

from lms.core.audit import record
from lms.core.db import db
from lms.mentoring.goals import letters
from lms.mentoring.goals.answers import still_closing
from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.queries import TrackedGoal, live_goals, mentors_of
from lms.notices.telling import tell
from lms.people.locking import locked_person
from lms.people.models import User
from question_bank.goals import GoalState


def settle_goals(fellow_id: int, *, now: datetime) -> None:
    """Note which goals of a fellow are met or missed, and tell the fellow and today's mentors.

    What was proposed and not agreed to by its day is declined, and nobody is told. Safe to run
    twice: a goal is settled once.
    """
    fellow = locked_person(fellow_id)
    closing = fellow_id in still_closing([fellow_id], now=now)
    for each in live_goals([fellow_id], now=now):
        if each.goal.state is GoalState.PROPOSED:
            if each.is_over:
                _settled(each.goal, GoalState.DECLINED, now)
            continue
        state = each.progress.state(over=each.is_over and not closing)
        if state is not GoalState.OPEN and _settled(each.goal, state, now):
            _tell_ended(each, state, fellow, now)


def _settled(goal: Goal, state: GoalState, now: datetime) -> bool:
    """Note what came of a goal that stands as it was read; return whether this call did."""
    changed = db.session.scalar(
        update(Goal)
        .where(Goal.id == goal.id, Goal.state == goal.state)
        .values(state=state, ended_at=now)
        .returning(Goal.id)
    )
    if changed is None:
        return False
    action = {
        GoalState.MET: "goal.met",
        GoalState.MISSED: "goal.missed",
        GoalState.DECLINED: "goal.lapse",
    }[state]
    record(None, action, "goal", goal.id, now=now, after={"fellow_id": goal.fellow_id})
    return True


def _tell_ended(each: TrackedGoal, state: GoalState, fellow: User, now: datetime) -> None:
    tell(letters.ended(each, state, GoalSide.FELLOW), [fellow], now=now)
    tell(letters.ended(each, state, GoalSide.MENTOR), mentors_of(fellow, now), now=now)
