"""On what directors and mentors are told something of short quizzes; each can be stopped."""

from enum import StrEnum

from lms.notices.kinds import can_each_be_stopped
from lms.people.models import Role


class WishOccasion(StrEnum):
    """What has happened with a wish for a quiz; the kind of the mail and of its notice."""

    WAITS = "quiz_wish_waits"
    ANSWERED = "quiz_wish_answered"


_DIRECTORS = {
    WishOccasion.WAITS: (
        "mail about short quizzes that mentors want",
        "A mentor wants a short quiz for a fellow, and a director is to approve it.",
    ),
}

_MENTORS = {
    WishOccasion.ANSWERED: (
        "mail about answers to short quizzes",
        "A director gives a short quiz that you wanted for a fellow, or does not.",
    ),
}

can_each_be_stopped(
    _DIRECTORS, frozenset({Role.DIRECTOR}), left="What waits stays on the page of the cohort."
)
can_each_be_stopped(
    _MENTORS, frozenset({Role.MENTOR}), left="What became of it stays in the report."
)
