"""One sweep: telling what is to be told now, and letting no reminder leave that is not true now."""

from datetime import datetime

from lms.core.mail import Message
from lms.core.mail.rules import may_receive
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import tell_each
from lms.supervision.reminding.fellows import still_holds, to_fellows
from lms.supervision.reminding.queries import given_now
from lms.supervision.reminding.staff import to_staff

AT_ONCE = 200
"""How many people are told by one sweep at most; the next one goes on."""


def remind(*, now: datetime) -> None:
    """Tell what is to be told; what was told already is not told again."""
    given = given_now(now)
    told = [*to_fellows(given, now), *to_staff(given, now)]
    tell_each(told[:AT_ONCE], now=now)


@may_receive(QuizOccasion.QUIZ_ASSIGNED)
@may_receive(QuizOccasion.QUIZ_OPENS)
@may_receive(QuizOccasion.QUIZ_DUE)
@may_receive(QuizOccasion.TIME_RUNS_OUT)
@may_receive(QuizOccasion.QUIZ_GRADED)
def is_true_still(message: Message, now: datetime) -> bool:
    """Return whether what a message says of a quiz is so when it leaves."""
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    return still_holds(message.key, message.recipient_id, QuizOccasion(message.kind), now)
