"""Mails of the first edition, which stand in the database with their links in clear.

A link that lets somebody in is cut from its mail once it has ended; until then the mail can still
be sent as it is. Links that stop mails never end: our key signs them anew, so a place takes theirs.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from itertools import islice
from typing import cast

from sqlalchemy import ColumnElement, String, and_, select, type_coerce
from sqlalchemy import cast as as_type
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.db import db
from lms.core.links import open_at
from lms.core.logs import log_after_commit
from lms.core.mail import MailState, Message
from lms.core.mail.headers import POLICY
from lms.core.mail.places import Places
from lms.core.mail.writing import short_lines
from lms.notices.kinds import stoppable_kinds
from lms.notices.stop_links import signed_path
from lms.panels.links import INVITATION, REMINDER
from lms.panels.models import Panel, Panelist, PanelLink, PanelState
from lms.signin.models import AccountLink, LinkPurpose
from lms.signin.queries import is_unspent

AT_ONCE = 100
"""How many mails one run of the sweep changes at most, of each sort."""

GONE = (MailState.SENT, MailState.CANCELLED)
"""States from which a mail does not leave any more."""

ENCODINGS = ("base64", "quoted-printable")

_LETS_IN = re.compile(rb"(/(?:links|panel)/)[\w.-]{20,}")
_STOPS = re.compile(rb"/unsubscribe/([\w-]+\.[\w-]+)")


def clear_away(*, now: datetime) -> int:
    """Cut links that have ended, put places for those that stop mails; return in how many mails."""
    cut = filter(_cut, _in_clear(_whose_link_has_ended(now)))
    placed = filter(_place, _in_clear(Message.kind.in_(stoppable_kinds())))
    changed = sum(len(list(islice(each, AT_ONCE))) for each in (cut, placed))
    if changed:
        log_after_commit("info", "old_links_cleared_away", messages=changed)
    return changed


def _in_clear(which: ColumnElement[bool]) -> Iterator[Message]:
    """Yield such mails, oldest first; those that stay as they are do not stand before others."""
    query = select(Message).where(Message.link_in_clear, which).order_by(Message.id)
    some, last = query.limit(AT_ONCE).with_for_update(), 0
    while found := db.session.scalars(some.where(Message.id > last)).all():
        yield from found
        last = found[-1].id


def _whose_link_has_ended(now: datetime) -> ColumnElement[bool]:
    of_account = and_(
        Message.key == type_coerce(AccountLink.purpose, String) + ":" + _text(AccountLink.id),
        is_unspent(now),
    )
    of_panel = and_(
        Message.key == Message.kind + ":" + _text(PanelLink.id),
        open_at(now, PanelLink.expires_at, PanelLink.ended_at),
        Panelist.withdrawn_at.is_(None),
        Panel.state == PanelState.OPEN,
    )
    asked = select(PanelLink.id).join(PanelLink.panelist).join(Panelist.panel)
    lets_in = Message.kind.in_([*LinkPurpose, INVITATION, REMINDER])
    account_is_open = select(AccountLink.id).where(of_account).exists()
    return and_(lets_in, ~account_is_open, ~asked.where(of_panel).exists())


def _text(number: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return as_type(number, String)


def _cut(message: Message) -> bool:
    """Write *message* without the secret in its link."""
    message.raw = _LETS_IN.sub(rb"\1ended", _without_encodings(message.raw))
    message.link_in_clear = False
    return True


def _place(message: Message) -> bool:
    """Put a place for the secret that stops such mails; return whether that could be done.

    What is encoded is written anew, so that is left until the message does not leave any more.
    """
    raw = _without_encodings(message.raw)
    if raw != message.raw and message.state not in GONE:
        return False
    places = Places()

    def placed(found: re.Match[bytes]) -> bytes:
        signed = signed_path(found[1].decode())
        return places.of(*signed).encode() if signed else b"/unsubscribe/ended"

    message.raw = _STOPS.sub(placed, raw)
    message.places, message.link_in_clear = places.kept, False
    return True


def _without_encodings(raw: bytes) -> bytes:
    """Return a message whose parts can be searched; most are as they were."""
    mime = cast(EmailMessage, message_from_bytes(raw, policy=POLICY))
    parts = cast(Iterable[EmailMessage], mime.walk())
    encoded = [part for part in parts if part["Content-Transfer-Encoding"] in ENCODINGS]
    for part in encoded:
        part.set_content(short_lines(part.get_content()), subtype=part.get_content_subtype())
    return mime.as_bytes() if encoded else raw
