"""The loop in words."""

from collections import Counter

from lms.core.clock import say_date, say_day
from lms.core.figures import plural, say_count
from lms.mentoring.directing.queries import CohortLoop
from lms.mentoring.nudging.queries import Unseen
from question_bank.goals import GoalState
from question_bank.loop import LoopMeasures


def say_fellow(loop: CohortLoop, fellow_id: int) -> str:
    """Return "Talked last on Nov 24, 2026. Goals: 2 open, 1 met."."""
    day = loop.talked.get(fellow_id)
    talked = f"Talked last on {say_date(day)}." if day else "No talk is noted."
    return f"{talked} {_say_goals(loop.goals.get(fellow_id, Counter()))}"


def _say_goals(goals: Counter[GoalState]) -> str:
    said = [
        f"{goals[state]} {word}"
        for state, word in (
            (GoalState.OPEN, "open"),
            (GoalState.PROPOSED, "proposed"),
            (GoalState.MET, "met"),
            (GoalState.MISSED, "not reached"),
        )
        if goals[state]
    ]
    return f"Goals: {', '.join(said)}." if said else "No goal."


def say_unseen(unseen: Unseen, zone: str) -> str:
    """Return that a mentor has not looked, and since when."""
    since = say_day(unseen.prompt.asked_at, zone)
    return f"{unseen.prompt.mentor.name} has not looked since the mail of {since}."


def say_measures(measures: LoopMeasures) -> list[tuple[str, str]]:
    """Return each measure: what it is of, and its figure with n."""
    asked = measures.acknowledged
    days = "No talk yet"
    if measures.days is not None:
        days = f"{measures.days:g} (median of {plural(measures.talks, 'talk')})"
    return [
        ("Words asked for and acknowledged", say_count(asked) if asked.items else "None asked yet"),
        ("Days from the mail to a talk", days),
        ("Goals met", say_count(measures.goals) if measures.goals.items else "None has ended yet"),
    ]
