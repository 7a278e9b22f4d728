"""What fellows and mentors are told of goals: what is measured, never the words of a person."""

from datetime import date, datetime

from sqlalchemy import select

from lms.core.clock import local
from lms.core.db import db
from lms.core.mail import Message
from lms.core.mail.rules import may_receive
from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.occasions import GoalOccasion
from lms.mentoring.goals.queries import TrackedGoal, goal_by_id, side_of
from lms.mentoring.goals.wording import say_aim, say_day_of, say_measure, say_seen
from lms.notices.models import Notice
from lms.notices.telling import Telling
from lms.people.models import User
from lms.people.queries import user_by_id
from question_bank.goals import GoalState

OBJECT = "goal"
"""What a notice of one is about."""


def proposed(goal: Goal, earlier: Goal | None, now: datetime) -> Telling:
    """Return that a goal is proposed, to who is to agree; maybe in the stead of an open one."""
    instead = (
        (f"It would stand instead of: {_measure(earlier, now)}.",)
        if earlier is not None and earlier.state is GoalState.OPEN
        else ()
    )
    return _telling(
        goal,
        GoalOccasion.PROPOSED,
        "",
        f"{goal.proposer.name} proposes a goal",
        f"{_capital(_measure(goal, now))}.",
        *instead,
        "Agree, or propose another.",
    )


def answered(goal: Goal, actor: User, now: datetime) -> Telling:
    """Return that *actor* has agreed to a goal, or has not, to who proposed it."""
    agreed = goal.state is GoalState.OPEN
    return _telling(
        goal,
        GoalOccasion.ANSWERED,
        "",
        f"{actor.name} {'has agreed' if agreed else 'does not agree'} to a goal",
        f"{_capital(_measure(goal, now))}.",
    )


def moved(goal: Goal, earlier: Goal, actor: User, now: datetime) -> Telling:
    """Return that *actor* has moved the day of a goal, which is *goal* from now on."""
    day, before = (say_day_of(each.due_on, _today(each, now)) for each in (goal, earlier))
    return _telling(
        goal,
        GoalOccasion.ENDED,
        "moved",
        f"{actor.name} has moved a goal to {day}",
        f"{_capital(say_aim(goal.measure))}: by {day}, not {before}.",
        "What was answered since it was set goes on counting.",
    )


def ended(each: TrackedGoal, state: GoalState, side: GoalSide) -> Telling:
    """Return that a goal is met or missed, to the fellow or, by *side*, to a mentor."""
    goal = each.goal
    whose = "Your goal" if side is GoalSide.FELLOW else f"The goal of {goal.fellow.name}"
    day = say_day_of(goal.due_on, each.today)
    came = "is met" if state is GoalState.MET else f"was not reached by {day}"
    return _telling(
        goal,
        GoalOccasion.ENDED,
        "",
        f"{whose} {came}",
        f"{_capital(say_aim(goal.measure))}, by {day}.",
        f"{_capital(say_seen(each))}.",
    )


def _telling(goal: Goal, occasion: GoalOccasion, more: str, subject: str, *said: str) -> Telling:
    return Telling(
        occasion=occasion,
        fact=f"{goal.id}:{more}" if more else str(goal.id),
        about=(OBJECT, goal.id),
        subject=subject,
        sentences=said,
        button="Open the goal",
        path=f"/goals/{goal.id}",
    )


def _measure(goal: Goal, now: datetime) -> str:
    return say_measure(goal.measure, goal.due_on, _today(goal, now))


def _today(goal: Goal, now: datetime) -> date:
    return local(now, goal.fellow.time_zone).date()


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


@may_receive(GoalOccasion.PROPOSED)
@may_receive(GoalOccasion.ANSWERED)
@may_receive(GoalOccasion.ENDED)
def concerns_still(message: Message, now: datetime) -> bool:
    """Return whether the recipient is the fellow of the goal, or mentors that one today.

    A proposal that waits for nobody any more is not told.
    """
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    about = select(Notice.object_id).where(Notice.message_id == message.id)
    goal_id = db.session.scalar(about.join(Goal, Goal.id == Notice.object_id))
    if goal_id is None:
        return False
    goal = goal_by_id(goal_id)
    waits = goal.state is GoalState.PROPOSED
    side = side_of(user_by_id(message.recipient_id), goal.fellow_id, now)
    concerned = side in (GoalSide.FELLOW, GoalSide.MENTOR)
    return concerned and (waits or message.kind != GoalOccasion.PROPOSED)
