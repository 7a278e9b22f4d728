"""On what fellows and mentors are told something of goals; each can be stopped by itself."""

from enum import StrEnum

from lms.notices.kinds import can_each_be_stopped
from lms.people.models import Role


class GoalOccasion(StrEnum):
    """What has happened with a goal; the kind of the mail and of its notice."""

    PROPOSED = "goal_proposed"
    ANSWERED = "goal_answered"
    ENDED = "goal_ended"


_SAID = {
    GoalOccasion.PROPOSED: ("mail about proposed goals", "A goal is proposed to you."),
    GoalOccasion.ANSWERED: (
        "mail about answers to goals",
        "A goal that you proposed is agreed to, or not.",
    ),
    GoalOccasion.ENDED: (
        "mail about what came of goals",
        "A goal of yours, or of your fellow, is met, missed or moved.",
    ),
}

can_each_be_stopped(
    _SAID, frozenset({Role.FELLOW, Role.MENTOR}), left="The goals stay on your pages."
)
