"""On what mentors and their fellows are told something; each can be stopped by itself."""

from enum import StrEnum

from lms.notices.kinds import StoppableKind, can_be_stopped
from lms.people.models import Role


class MentorOccasion(StrEnum):
    """What has happened between a mentor and a fellow; the kind of the mail and of its notice."""

    MEETING_NOTED = "meeting_noted"
    WORD_WAITS = "word_waits"
    MENTOR_AWAY = "mentor_away"


_SAID = {
    MentorOccasion.MEETING_NOTED: (
        "mail about meetings",
        "Your mentor notes that you met, or changes what was noted.",
        Role.FELLOW,
        "What was noted stays under Meetings.",
    ),
    MentorOccasion.WORD_WAITS: (
        "reminder of the weekly mail",
        "The weekly mail asked for a word with a fellow, and you have not looked for a week.",
        Role.MENTOR,
        "My fellows goes on saying it.",
    ),
    MentorOccasion.MENTOR_AWAY: (
        "mail about mentors who do not look",
        "A mentor has not looked for 14 days at what the weekly mail asked.",
        Role.DIRECTOR,
        "The page of a cohort goes on saying it.",
    ),
}

for _occasion, (_name, _about, _role, _left) in _SAID.items():
    can_be_stopped(
        StoppableKind(
            kind=_occasion,
            name=_name,
            about=_about,
            without_it=f"It no longer comes to you. {_left}",
            roles=frozenset({_role}),
            page="accounts.settings",
            page_name="Settings",
        )
    )
