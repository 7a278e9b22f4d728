"""What directors and mentors are told of short quizzes; fellows hear of a quiz once it is given."""

from datetime import datetime

from sqlalchemy import select

from lms.core.clock import local
from lms.core.db import db
from lms.core.mail import Message
from lms.core.mail.rules import may_receive
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.mentoring.wishing.occasions import WishOccasion
from lms.mentoring.wishing.queries import wish_by_id
from lms.mentoring.wishing.wording import say_days, say_wish
from lms.notices.models import Notice
from lms.notices.telling import Telling
from lms.people.queries import user_by_id
from lms.program.queries import may_mentor_see

OBJECT = "quiz_wish"
"""What a notice of one is about."""


def waits(wish: QuizWish) -> Telling:
    """Return that a quiz is to be approved, to directors."""
    return _telling(
        wish,
        WishOccasion.WAITS,
        f"{wish.mentor.name} wants a short quiz for {wish.fellow.name}",
        "Approve it or not",
        "It is drawn from what is new to the fellow, once a director approves it.",
    )


def answered(wish: QuizWish) -> Telling:
    """Return what a director has decided, to the mentor; not the reason, which is on the page."""
    given = wish.state is WishState.GIVEN
    whom = wish.fellow.name
    return _telling(
        wish,
        WishOccasion.ANSWERED,
        f"The short quiz for {whom} is given" if given else f"No short quiz for {whom}",
        "Open it" if given else "Read why",
        f"{whom} is told of it." if given else "A director has declined it, and says why.",
    )


def _telling(
    wish: QuizWish, occasion: WishOccasion, subject: str, button: str, more: str
) -> Telling:
    return Telling(
        occasion=occasion,
        fact=str(wish.id),
        about=(OBJECT, wish.id),
        subject=subject,
        sentences=(f"{say_wish(wish)}; {say_days(wish.opens_on, wish.due_on)}.", more),
        button=button,
        path=f"/short-quizzes/{wish.id}",
    )


@may_receive(WishOccasion.WAITS)
@may_receive(WishOccasion.ANSWERED)
def is_so_still(message: Message, now: datetime) -> bool:
    """Return whether a wish still waits, or its mentor still looks after the fellow."""
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    about = select(Notice.object_id).where(Notice.message_id == message.id)
    wish_id = db.session.scalar(about.join(QuizWish, QuizWish.id == Notice.object_id))
    if wish_id is None:
        return False
    wish = wish_by_id(wish_id)
    if message.kind == WishOccasion.WAITS:
        return wish.state is WishState.WAITING
    today = local(now, user_by_id(message.recipient_id).time_zone).date()
    return may_mentor_see(message.recipient_id, wish.fellow_id, today)
