"""Reading the mail ledger and the audit trail."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import defer

from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message
from lms.core.paging import Found, Page, page_of
from lms.people.models import User

PAGE = 50
"""How many rows a page lists."""


def ledger(number: int, state: MailState | None = None) -> Page[tuple[Any, ...]]:
    """Return a page of (message, recipient's name or None), without the bytes.

    Uncertain ones first, then failed ones, then the others; each newest first.
    """
    urgency = case(
        (Message.state == MailState.UNCERTAIN, 0), (Message.state == MailState.FAILED, 1), else_=2
    )
    query = _messages().order_by(urgency, Message.created_at.desc(), Message.id.desc())
    if state:
        query = query.where(Message.state == state)
    return page_of(query, number, size=PAGE, read=itemgetter(0, 1))


def uncertain() -> Sequence[Found]:
    """Return the oldest (message, recipient's name or None) that wait for a decision, without
    the bytes; a page of them at most.
    """
    waiting = _messages().where(Message.state == MailState.UNCERTAIN)
    return db.session.execute(waiting.order_by(Message.created_at, Message.id).limit(PAGE)).all()


def mailbox(number: int) -> Page[tuple[Any, ...]]:
    """Return a page of (message, recipient's name or None), newest first, without the bytes."""
    newest_first = _messages().order_by(Message.created_at.desc(), Message.id.desc())
    return page_of(newest_first, number, size=PAGE, read=itemgetter(0, 1))


def _messages() -> Select[Message, str | None]:
    return (
        select(Message, User.name)
        .outerjoin(User, User.id == Message.recipient_id)
        .options(defer(Message.raw, raiseload=True))
    )


def states() -> dict[MailState, int]:
    """Return how many messages are in each state."""
    counted = select(Message.state, func.count()).group_by(Message.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def message(message_id: int) -> Message:
    """Return a message, bytes and all.

    Raises:
        NotFound: there is none with that id.
    """
    row = db.session.get(Message, message_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def audit_trail(number: int, person: str = "", action: str = "") -> Page[tuple[Any, ...]]:
    """Return a page of (event, name of the actor), newest first.

    The name is None where the service itself acted.

    Args:
        number: Which page.
        person: Part of the actor's name or address.
        action: An action, exactly.
    """
    query = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    if person:
        query = query.where(
            or_(
                User.name.icontains(person, autoescape=True),
                User.email.icontains(person, autoescape=True),
            )
        )
    if action:
        query = query.where(AuditEvent.action == action)
    return page_of(query, number, size=PAGE, read=itemgetter(0, 1))


def actions() -> list[str]:
    """Return the actions that the trail knows."""
    return list(db.session.scalars(select(AuditEvent.action).distinct().order_by("action")))
