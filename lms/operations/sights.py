"""What the pages of records show of what waits for a decision."""

from collections.abc import Sequence

from lms.core.figures import plural
from lms.core.mail import Message
from lms.core.sight import Sight
from lms.operations.troubled_attempts import SetAside


def sight_of_mail(message: Message) -> Sight:
    """Return what became of a mail so far."""
    return {
        "Mail": message.subject,
        "To": message.address,
        "State": message.state.value.replace("_", " ").capitalize(),
        "Tries": str(message.tries),
    }


def sight_of_attempts(set_aside: Sequence[SetAside], count: int) -> Sight:
    """Return how many attempts are set aside, and of the first ones which."""
    which = {f"Attempt {each.attempt_id}": f"{each.fellow}, {each.quiz}" for each in set_aside}
    return {"Set aside": plural(count, "attempt"), **which}
