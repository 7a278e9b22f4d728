"""On what mentors and their fellows are told something; each can be stopped by itself."""

from enum import StrEnum

from lms.notices.kinds import can_each_be_stopped
from lms.people.models import Role


class MentorOccasion(StrEnum):
    """What has happened between a mentor and a fellow; the kind of the mail and of its notice."""

    MEETING_NOTED = "meeting_noted"
    WORD_WAITS = "word_waits"
    MENTOR_AWAY = "mentor_away"
    DEPUTY_NAMED = "deputy_named"
    HANDED_OVER = "handed_over"
    DIRECTOR_WROTE = "director_wrote"


_FELLOWS = {
    MentorOccasion.MEETING_NOTED: (
        "mail about meetings",
        "Your mentor notes that you met, or changes what was noted.",
    ),
}

_BOTH = {
    MentorOccasion.DEPUTY_NAMED: (
        "mail about deputies",
        "Somebody stands in for a mentor who is away, or does not any more.",
    ),
    MentorOccasion.HANDED_OVER: (
        "mail about handing over",
        "A fellow has another mentor from now on.",
    ),
}

_MENTORS = {
    MentorOccasion.WORD_WAITS: (
        "reminder of the weekly mail",
        "The weekly mail asked for a word with a fellow, and you have not looked for a week.",
    ),
    MentorOccasion.DIRECTOR_WROTE: (
        "messages to mentors",
        "A director writes to mentors of a cohort.",
    ),
}

_DIRECTORS = {
    MentorOccasion.MENTOR_AWAY: (
        "mail about mentors who do not look",
        "A mentor has not looked for 14 days at what the weekly mail asked.",
    ),
}

can_each_be_stopped(_FELLOWS, frozenset({Role.FELLOW}), left="What was noted stays under Meetings.")
can_each_be_stopped(
    _BOTH,
    frozenset({Role.FELLOW, Role.MENTOR}),
    left="The pages go on saying who looks after whom.",
)
can_each_be_stopped(_MENTORS, frozenset({Role.MENTOR}), left="My fellows goes on saying it.")
can_each_be_stopped(
    _DIRECTORS, frozenset({Role.DIRECTOR}), left="The page of a cohort goes on saying it."
)
