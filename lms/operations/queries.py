"""Reading the mail ledger and the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, defer

from lms.accounts.models import User
from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message

PAGE = 50
"""How many rows a page lists."""


Line = TypeVar("Line")
Found = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Page(Generic[Line]):
    """A page of rows; `number` of `pages`, both from 1."""

    rows: Sequence[Line]
    number: int
    pages: int


def page_of(query: Select[*tuple[Any, ...]], number: int) -> Page[Found]:
    """Return page *number* of what *query* finds, or the last one; two statements."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages = max(-(-(total or 0) // PAGE), 1)
    number = min(max(number, 1), pages)
    rows = db.session.execute(query.offset((number - 1) * PAGE).limit(PAGE)).all()
    return Page(rows, number, pages)


def ledger(number: int, state: MailState | None = None) -> Page[Found]:
    """Return a page of (message, recipient's name or None), without the bytes.

    Uncertain ones first, then failed ones, then the others; each newest first.
    """
    urgency = case(
        (Message.state == MailState.UNCERTAIN, 0), (Message.state == MailState.FAILED, 1), else_=2
    )
    query = _messages().order_by(urgency, Message.created_at.desc(), Message.id.desc())
    return page_of(query.where(Message.state == state) if state else query, number)


def uncertain() -> Sequence[Found]:
    """Return the oldest (message, recipient's name or None) that wait for a decision, without
    the bytes; a page of them at most.
    """
    waiting = _messages().where(Message.state == MailState.UNCERTAIN)
    return db.session.execute(waiting.order_by(Message.created_at, Message.id).limit(PAGE)).all()


def mailbox(number: int) -> Page[Found]:
    """Return a page of (message, recipient's name or None), newest first, without the bytes."""
    return page_of(_messages().order_by(Message.created_at.desc(), Message.id.desc()), number)


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


def audit_trail(number: int, person: str = "", action: str = "") -> Page[Found]:
    """Return a page of (event, name of the actor, of the person it was done to), newest first.

    A name is None where there is no such person.

    Args:
        number: Which page.
        person: Part of the actor's name or address.
        action: An action, exactly.
    """
    other = aliased(User)
    done_to = and_(AuditEvent.object_type == "user", AuditEvent.object_id == other.id)
    query = (
        select(AuditEvent, User.name, other.name.label("whom"))
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(other, done_to)
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
    return page_of(query, number)


def actions() -> list[str]:
    """Return the actions that the trail knows."""
    return list(db.session.scalars(select(AuditEvent.action).distinct().order_by("action")))
