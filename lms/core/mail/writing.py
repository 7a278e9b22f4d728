"""Writing a message: template and facts in, complete bytes out."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol
from urllib.parse import urlsplit

import css_inline
from flask import current_app, render_template
from sqlalchemy import select

from lms.config import Settings
from lms.core.db import db
from lms.core.inserts import insert_into
from lms.core.jobs import enqueue
from lms.core.mail.models import MailState, Message

_FOLDING = SMTP.clone(max_line_length=76)


class _Policy(EmailPolicy):
    """Long lines, as the default would encode a long unsubscribe address and so disable it.

    Only words beyond ASCII are folded as short as encoded words must be (RFC 2047, 2).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if str(value).isascii():
            return super().fold_binary(name, value)
        if name == "Subject":  # the policy loses the space between two words beyond ASCII
            folded = Header(str(value), "utf-8", header_name=name, maxlinelen=76)
            return f"{name}: {folded.encode(linesep=self.linesep)}{self.linesep}".encode()
        return _FOLDING.fold_binary(name, value)


POLICY = _Policy(linesep="\r\n", max_line_length=998)

_STYLE = re.compile(r' style="[^"]*"')

_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


class Recipient(Protocol):
    """Whom a message goes to."""

    @property
    def id(self) -> int | None:
        """The person's id; None: the person has no account."""

    @property
    def email(self) -> str:
        """The address."""

    @property
    def name(self) -> str:
        """How the person is called; empty where nobody knows."""


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account. What is mailed to outsiders needs a rule (`may_receive`)."""

    email: str
    name: str = ""
    id: None = None


@dataclass(frozen=True)
class Letter:
    """What to say: a folder of `templates/mail`, what its templates need, further headers.

    `kind` names the rule that decides, at sending, whether the recipient may still have it.
    `key` is unique for the facts stated ("digest:12:2026-W47"). A letter with a `stop_path`
    carries the headers, and gives its templates the `stop_url`, by which mails of its kind to
    this recipient are stopped.
    """

    kind: str
    key: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    stop_path: str = ""


def post(letter: Letter, to: Recipient, *, now: datetime) -> Message:
    """Write *letter* to *to* and have it delivered after the commit.

    A letter whose key is known already, even if only since a moment ago by another worker, is
    not written again: the first one is returned.
    """
    by_key = select(Message).where(Message.key == letter.key)
    known: Message | None = db.session.scalar(by_key)
    if known is not None:
        return known
    _write([(letter, to)], now)
    return db.session.scalars(by_key).one()


def post_all(letters: Sequence[tuple[Letter, Recipient]], *, now: datetime) -> None:
    """Do for each letter and its recipient what `post` does, in a fixed number of statements."""
    keys = select(Message.key).where(Message.key.in_([letter.key for letter, _ in letters]))
    known = set(db.session.scalars(keys))
    _write([(letter, to) for letter, to in letters if letter.key not in known], now)


def _write(letters: Sequence[tuple[Letter, Recipient]], now: datetime) -> None:
    if not letters:
        return
    rows = [_row(letter, to, now) for letter, to in letters]
    insert = insert_into(Message, db.engine.dialect.name).values(rows)
    for message_id in sorted(db.session.scalars(insert.returning(Message.id))):
        enqueue("mail.deliver", message_id)


def _row(letter: Letter, to: Recipient, now: datetime) -> dict[str, object]:
    mime = _compose(letter, to, now)
    return {
        "kind": letter.kind,
        "key": letter.key,
        "recipient_id": to.id,
        "outside": to.id is None,
        "address": to.email,
        "subject": mime["Subject"],
        "message_id": mime["Message-ID"],
        "raw": mime.as_bytes(),
        "state": MailState.QUEUED,
        "tries": 0,
        "next_try_at": now,
        "created_at": now,
    }


def _compose(letter: Letter, to: Recipient, now: datetime) -> EmailMessage:
    settings: Settings = current_app.extensions["settings"]
    context = {"base_url": settings.base_url, "program_name": settings.program_name, "to": to}
    headers: dict[str, str] = {}
    if letter.stop_path:
        context["stop_url"] = settings.base_url + letter.stop_path
        headers = {
            "List-Unsubscribe": f"<{context['stop_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    context |= letter.context
    folder = f"mail/{letter.template}"
    mime = EmailMessage(policy=POLICY)
    mime["Subject"] = " ".join(render_template(f"{folder}/subject.txt", **context).split())
    mime["From"] = _sender(settings.mail_from)
    mime["To"] = _address(to.name, to.email)
    mime["Date"] = format_datetime(now)
    mime["Message-ID"] = _message_id(letter.key, settings.base_url)
    for name, value in headers.items():
        mime[name] = value
    mime.set_content(render_template(f"{folder}/body.txt", **context))
    html = _INLINER.inline(render_template(f"{folder}/body.html", **context))
    mime.add_alternative(_compact(html), subtype="html")
    return mime


def _compact(html: str) -> str:
    """Return *html* without the spaces that inlining repeats: big mails are cut off by readers."""
    tight = _STYLE.sub(
        lambda style: re.sub(r"\s*([:;,])\s*", r"\1", style[0]).replace(';"', '"'), html
    )
    return re.sub(r"\s*\n\s*", "\n", tight)


def _message_id(key: str, base_url: str) -> str:
    digest = hashlib.sha256(f"{base_url} {key}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(base_url).hostname}>"


def _address(name: str, email: str) -> Address:
    clean = "".join(c for c in name if c.isprintable())[:100]
    return Address(display_name=clean, addr_spec=email)


def _sender(mail_from: str) -> Address:
    return _address(*parseaddr(mail_from))
