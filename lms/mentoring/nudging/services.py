"""Telling mentors, and then directors, of what a digest asked and nobody looked at."""

from datetime import datetime

from lms.core.clock import say_day
from lms.mentoring.nudging.queries import Unseen, unseen_prompts
from lms.mentoring.prompts.models import Prompt
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.telling import Telling, tell_each
from lms.people.models import Role, User
from lms.people.queries import people_with


def nudge(*, now: datetime) -> None:
    """Remind each mentor who has not looked for a week, and tell directors after two weeks.

    Once for each prompt, however often it is asked for.
    """
    unseen = unseen_prompts(now)
    directors = people_with(Role.DIRECTOR) if any(each.to_tell for each in unseen) else []
    told = [(_to_mentor(each.prompt), each.prompt.mentor) for each in unseen]
    told += [
        (_to_director(each, to), to)
        for each in unseen
        if each.to_tell
        for to in directors
        if to.id != each.prompt.mentor_id
    ]
    tell_each(told, now=now)


def _to_mentor(prompt: Prompt) -> Telling:
    mentor, fellow = prompt.mentor, prompt.fellow
    return Telling(
        occasion=MentorOccasion.WORD_WAITS,
        fact=str(prompt.id),
        about=("prompt", prompt.id),
        subject=f"A word with {fellow.name} waits",
        sentences=(
            f"The mail of {say_day(prompt.asked_at, mentor.time_zone)} asked for a word with "
            f"{fellow.name}. Nothing is noted, and you have opened no report since.",
            "The mail has links to note a talk, to set a goal, or to say why none is needed.",
        ),
        button="Open the report",
        path=f"/fellows/{fellow.id}",
    )


def _to_director(unseen: Unseen, to: User) -> Telling:
    prompt = unseen.prompt
    mentor, fellow = prompt.mentor, prompt.fellow
    return Telling(
        occasion=MentorOccasion.MENTOR_AWAY,
        fact=str(prompt.id),
        about=("prompt", prompt.id),
        subject=f"{mentor.name} has not looked for 14 days",
        sentences=(
            f"The mail of {say_day(prompt.asked_at, to.time_zone)} asked for a word with "
            f"{fellow.name}. Nothing is noted, and no report was opened since.",
        ),
        button="Open the report",
        path=f"/fellows/{fellow.id}",
    )
