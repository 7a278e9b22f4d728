"""Settling what the machine cannot know."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from lms.core import audit
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.errors import Refusal
from lms.core.mail import MailState, Message
from lms.operations.queries import message as message_of
from lms.people.models import User
from lms.signin.models import LinkPurpose

NEVER_AGAIN = frozenset(LinkPurpose)
"""Kinds whose link lets its reader into an account: the person gets a new one instead."""


class Settled(Refusal):
    """Somebody else was faster, or the message never needed settling."""

    message = "This message does not wait for a decision any more. Nothing was changed."


class NotAgain(Refusal):
    """A secret link is not sent twice."""

    message = "A mail with a link to come in is not sent again. Send a new one to the person."


def mark_delivered(actor: User | None, message_id: int, *, now: datetime) -> None:
    """Note that an uncertain message has arrived.

    Raises:
        NotFound: there is no such message.
        Settled: it is not uncertain.
    """
    _settle(
        actor,
        message_id,
        {MailState.UNCERTAIN},
        now=now,
        state=MailState.SENT,
        sent_at=now,
        reply="Known to have arrived.",
    )


def send_again(actor: User | None, message_id: int, *, now: datetime) -> None:
    """Send an uncertain or failed message once more, byte for byte.

    Raises:
        NotFound: there is no such message.
        NotAgain: it carries a secret link.
        Settled: it is neither uncertain nor failed.
    """
    if message_of(message_id).kind in NEVER_AGAIN:
        raise NotAgain
    _settle(
        actor,
        message_id,
        {MailState.UNCERTAIN, MailState.FAILED},
        now=now,
        state=MailState.QUEUED,
        next_try_at=now,
        reply="To be sent again.",
    )
    enqueue("mail.deliver", message_id)


def _settle(
    actor: User | None,
    message_id: int,
    allowed: Iterable[MailState],
    *,
    now: datetime,
    **values: object,
) -> None:
    before = message_of(message_id).state
    changed = db.session.scalar(
        update(Message)
        .where(Message.id == message_id, Message.state.in_(list(allowed)))
        .values(**values)
        .returning(Message.state)
    )
    if changed is None:
        raise Settled
    audit.record(
        actor,
        "mail.settle",
        "message",
        message_id,
        now=now,
        before={"state": before},
        after={"state": changed},
    )
