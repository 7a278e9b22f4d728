"""Reading the mail ledger and the audit trail."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import defer

from lms.core.audit import AuditEvent
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import MailState, Message
from lms.core.paging import FARTHEST, Found, Page, page_of_endless
from lms.people.models import User
from lms.people.queries import named_like

PAGE = 50
"""How many rows a page lists."""

MANY = 1_000
"""How many messages are counted in each state at most."""


def ledger(number: int, state: MailState | None = None) -> Page[tuple[Any, ...]]:
    """Return a page of (message, recipient's name or None), without the bytes.

    Uncertain ones first, then failed ones, then the others; each newest first.
    """
    if state:
        listed = _messages().where(Message.state == state).order_by(Message.id.desc())
        counted = select(Message.id).where(Message.state == state)
    else:
        counted = select(Message.id)
        most = min(max(number, 1), FARTHEST) * PAGE
        parts = [_newest(urgency, which, most) for urgency, which in enumerate(_URGENT)]
        urgent = union_all(*(select(each) for each in parts)).subquery()
        listed = (
            _messages()
            .join(urgent, urgent.c.id == Message.id)
            .order_by(urgent.c.urgency, Message.id.desc())
        )
    return page_of_endless(listed, number, size=PAGE, read=itemgetter(0, 1), counted=counted)


_URGENT = (
    Message.state == MailState.UNCERTAIN,
    Message.state == MailState.FAILED,
    Message.state.not_in([MailState.UNCERTAIN, MailState.FAILED]),
)


def _newest(urgency: int, which: ColumnElement[bool], most: int) -> Subquery:
    """Return the ids of the newest messages of a kind, no more than may be shown."""
    urgent = select(Message.id, literal(urgency).label("urgency")).where(which)
    return urgent.order_by(Message.id.desc()).limit(most).subquery()


def uncertain() -> Sequence[Found]:
    """Return the oldest (message, recipient's name or None) that wait for a decision, without
    the bytes; a page of them at most.
    """
    waiting = _messages().where(Message.state == MailState.UNCERTAIN)
    return db.session.execute(waiting.order_by(Message.created_at, Message.id).limit(PAGE)).all()


def mailbox(number: int) -> Page[tuple[Any, ...]]:
    """Return a page of (message, recipient's name or None), newest first, without the bytes."""
    newest_first = _messages().order_by(Message.id.desc())
    return page_of_endless(newest_first, number, size=PAGE, read=itemgetter(0, 1))


def _messages() -> Select[Message, str | None]:
    return (
        select(Message, User.name)
        .outerjoin(User, User.id == Message.recipient_id)
        .options(defer(Message.raw, raiseload=True))
    )


def states() -> dict[MailState, int]:
    """Return how many messages are in each state in which some are; `MANY`: as many, or more."""
    some = {
        state: select(literal(1)).where(Message.state == state).limit(MANY).subquery()
        for state in MailState
    }
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in some.values())
    found = db.session.execute(select(*counts)).one()
    return {state: count for state, count in zip(some, found, strict=True) if count}


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
        person: Words of the actor's name and address, or parts of them (`named_like`).
        action: An action, exactly.
    """
    query = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    if person:
        called = select(User.id).where(named_like(person)).cte()
        query = query.where(AuditEvent.actor_id.in_(select(called.c.id)))
    if action:
        query = query.where(AuditEvent.action == action)
    return page_of_endless(query, number, size=PAGE, read=itemgetter(0, 1))
