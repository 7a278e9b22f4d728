"""Goals in words: one place for pages, mails and the weekly mail."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from lms.core.clock import local, say_date
from lms.core.figures import say_partial
from lms.mentoring.goals.models import Goal, GoalSide
from lms.mentoring.goals.queries import TrackedGoal
from lms.program.blueprint import blueprint
from question_bank.goals import GoalState, Measure
from question_bank.scoring import amount

TAGS: Mapping[GoalState, tuple[str, str, str]] = {
    GoalState.PROPOSED: ("Proposed", "info", "info"),
    GoalState.OPEN: ("Open", "plain", "ring"),
    GoalState.MET: ("Met", "good", "answer"),
    GoalState.MISSED: ("Not reached", "warn", "clock"),
    GoalState.MOVED: ("Moved", "plain", "back"),
    GoalState.DECLINED: ("Not agreed", "plain", "back"),
}
"""How a state is called, and the kind and the icon of its tag."""

WAITING = {
    GoalState.PROPOSED: ("Waits for you", "warn", "clock"),
    GoalState.OPEN: ("Not all counted yet", "info", "clock"),
}
"""The same of one that waits for the reader's word, or for figures once its day is over."""

OVER = "Its day is over; it waits for answers not counted yet"

FULL = "There are three goals already. Another can follow once one of them has ended."

READ_BY = "The fellow, who mentors the fellow, and directors read it. Name no patient."


def say_about(measure: Measure) -> str:
    """Return "10 pharmacological items", "10 items on periprocedural safety"."""
    return f"{measure.items} {say_kind(measure.approach, measure.topic)}"


def say_kind(approach: str | None, topic: str | None) -> str:
    """Return "pharmacological items", or "items on periprocedural safety"."""
    if approach is not None:
        return f"{_lowered(approach_name(approach))} items"
    return f"items on {_lowered(topic_name(topic or ''))}"


def say_aim(measure: Measure) -> str:
    """Return "10 items on periprocedural safety, 8 right": what the product reads."""
    right = "all" if measure.right == measure.items else str(measure.right)
    return f"{say_about(measure)}, {right} right"


def say_measure(measure: Measure, due_on: date, today: date) -> str:
    """Return "10 items on periprocedural safety, 8 right, by Jan 15"."""
    return f"{say_aim(measure)}, by {say_day_of(due_on, today)}"


def say_day_of(day: date, today: date) -> str:
    """Return "Jan 15", or "Jan 15, 2027" where that is not in the year of *today*."""
    return f"{day:%b} {day.day}" if day.year == today.year else say_date(day)


def topic_name(topic_id: str) -> str:
    """Return what a topic is called; of one that the blueprint has no more, its id."""
    names = {topic.id: topic.name for topic in blueprint().topics}
    return names.get(topic_id, topic_id)


def approach_name(approach_id: str) -> str:
    """Return what an approach is called; of one that the blueprint has no more, its id."""
    names = {approach.id: approach.name for approach in blueprint().approaches}
    return names.get(approach_id, approach_id)


def _lowered(name: str) -> str:
    """Return a name as it stands within a sentence; what begins with an acronym stays."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def say_progress(each: TrackedGoal) -> str:
    """Return "6 of 10 answered, 5 right; 3 more right are needed", the latter up to its day."""
    seen, progress = say_seen(each), each.progress
    if not progress.needed or each.is_over:
        return seen
    upto = "up to " if progress.waiting else ""
    verb = "is" if progress.needed == 1 else "are"
    return f"{seen}; {upto}{progress.needed} more right {verb} needed"


def say_seen(each: TrackedGoal) -> str:
    """Return "6 of 10 answered, 5 right", and how many of these are not counted yet.

    Once there are enough of them it is "7 of the latest 10 right".
    """
    measure, progress = each.goal.measure, each.progress
    if not progress.answered:
        return f"none of {measure.items} answered yet"
    earned = progress.counted.correct
    right, partial = amount(earned), say_partial(earned)
    waiting = f", {progress.waiting} not counted yet" if progress.waiting else ""
    if progress.answered == measure.items:
        return f"{right} of the latest {measure.items} right{partial}{waiting}"
    return f"{progress.answered} of {measure.items} answered, {right} right{partial}{waiting}"


def tag_of(each: TrackedGoal, side: str) -> tuple[str, str, str]:
    """Return how it is called where a goal stands, to whom reads it as *side*; see `TAGS`."""
    goal = each.goal
    mine = goal.state is GoalState.PROPOSED and side == goal.waits_for
    return (WAITING if mine or each.waits_for_figures else TAGS)[goal.state]


def say_state(each: TrackedGoal, side: str) -> str:
    """Return what a goal waits for, or when it ended, to whom reads it as *side*."""
    goal = each.goal
    if each.waits_for_figures:
        return OVER
    if goal.state is GoalState.PROPOSED:
        return say_waits(goal, side)
    if goal.state is GoalState.OPEN:
        return f"Open until {say_date(goal.due_on)}"
    name = TAGS[goal.state][0]
    assert goal.ended_at is not None, "it has ended"  # noqa: S101
    return f"{name}, {say_date(local(goal.ended_at, goal.fellow.time_zone).date())}"


def say_waits(goal: Goal, side: str) -> str:
    """Return whose word a proposed goal waits for, to whom reads it as *side*."""
    if side == goal.waits_for:
        return f"{goal.proposer.name} proposes it to you"
    if side == GoalSide.FELLOW:
        return "Waits for your mentor"
    return f"Waits for {'a mentor' if goal.waits_for is GoalSide.MENTOR else goal.fellow.name}"


def say_supply(measure: Measure, new: int, whom: str) -> str:
    """Return how many items the bank has for a goal, and what follows where these are too few.

    Args:
        measure: What the goal counts.
        new: How many such items are published that the fellow was not asked yet.
        whom: The fellow, as who reads it calls that person.
    """
    said = f"{NEW_TO.format(n=new, whom=whom)}."
    if new < measure.right:
        return f"{said} {UNREACHABLE}"
    return f"{said} {FEWER}" if new < measure.items else said


def say_left(new: int, wanted: int, needed: int, whom: str) -> str:
    """Return that the bank has too few items for a goal that is live; nothing where it has enough.

    Args:
        new: How many such items are published that the fellow was not asked yet.
        wanted: How many more the goal counts.
        needed: How many more are to be right.
        whom: The fellow, as who reads it calls that person.
    """
    if new >= wanted:
        return ""
    return f"{NEW_TO.format(n=new, whom=whom)}. {UNREACHABLE if new < needed else FEWER}"


NEW_TO = "Such items in the bank that are new to {whom}: {n}"
FEWER = "That is fewer than the goal counts."
UNREACHABLE = "The goal cannot be reached before there are more."


def said_of_goals(
    goals: Iterable[TrackedGoal], *, since: datetime, until: datetime
) -> tuple[str, ...]:
    """Return what a weekly mail says of a fellow's goals: a sentence or two each.

    Of what is open how far it has come; of what is proposed whose word it waits for; of what
    ended from *since* up to *until*, what came of it, and so once.
    """
    return tuple(
        sentence for each in goals for sentence in [_said_of(each, since, until)] if sentence
    )


def _said_of(each: TrackedGoal, since: datetime, until: datetime) -> str:
    goal, aim = each.goal, say_measure(each.goal.measure, each.goal.due_on, each.today)
    if goal.state is GoalState.OPEN:
        over = f" {OVER}." if each.is_over else ""
        return f"Goal: {aim}.{over} So far {say_progress(each)}."
    if goal.state is GoalState.PROPOSED:
        return f"Goal proposed: {aim}. {say_waits(goal, GoalSide.MENTOR)}."
    told = goal.state in (GoalState.MET, GoalState.MISSED)
    if told and goal.ended_at is not None and since <= goal.ended_at < until:
        name = TAGS[goal.state][0].lower()
        return f"Goal {name}: {aim}. By the figures of today: {say_seen(each)}."
    return ""
