"""Writing a message: template and facts in, complete bytes out."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import css_inline
from flask import current_app, render_template
from sqlalchemy import select
from sqlalchemy.orm import defer

from lms.config import Settings
from lms.core.db import db
from lms.core.inserts import insert_new
from lms.core.links import SecretPath
from lms.core.mail.delivery import ring
from lms.core.mail.headers import LONGEST_LINE, Correspondent, one_line
from lms.core.mail.models import MailState, Message
from lms.core.mail.parts import two_parts
from lms.core.mail.places import Places

_STYLE = re.compile(r' style="[^"]*"')

_AROUND_LINE_ENDS = re.compile(r"\s*\n\s*")

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
    `key` is unique for the facts stated ("digest:12:2026-W47"). A letter with a `link` gives its
    templates the `link_url`, and of `links` the `link_urls`, by their names. One with a `stop_link`
    carries the headers, and gives its templates the `stop_url`, by which mails of its kind to this
    recipient are stopped. In what is stored each has a place for its secret (`places`).
    """

    kind: str
    key: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    link: SecretPath | None = None
    links: Mapping[str, SecretPath] = field(default_factory=dict)
    stop_link: SecretPath | None = None


def post(letter: Letter, to: Recipient, *, now: datetime) -> Message:
    """Write *letter* to *to* and have it delivered after the commit.

    A letter whose key is known already, even if only since a moment ago by another worker, is
    not written again: the first one is returned.
    """
    return post_all([(letter, to)], now=now)[letter.key]


def post_all(letters: Sequence[tuple[Letter, Recipient]], *, now: datetime) -> dict[str, Message]:
    """Do for each letter and its recipient what `post` does, in a fixed number of statements.

    Return the messages by their keys, their bytes left in the database.
    """
    keys = [letter.key for letter, _ in letters]
    known = _messages(keys)
    new = [(letter, to) for letter, to in letters if letter.key not in known]
    if new:
        _write(new, now)
        known |= _messages([letter.key for letter, _ in new])
    return known


def _messages(keys: Sequence[str]) -> dict[str, Message]:
    light = (defer(Message.raw), defer(Message.places))
    messages = db.session.scalars(select(Message).where(Message.key.in_(keys)).options(*light))
    return {message.key: message for message in messages}


def _write(letters: Sequence[tuple[Letter, Recipient]], now: datetime) -> None:
    ring(sorted(insert_new(Message, [_row(letter, to, now) for letter, to in letters])))


def _row(letter: Letter, to: Recipient, now: datetime) -> dict[str, object]:
    settings: Settings = current_app.extensions["settings"]
    places = Places()
    context, stop_headers = _context(letter, to, places, settings)
    subject = one_line(render_template(f"mail/{letter.template}/subject.txt", **context))
    message_id = _message_id(letter.key, settings.base_url)
    headers: dict[str, str | Correspondent] = {
        "Subject": subject,
        "From": Correspondent(*settings.sender),
        "To": Correspondent(to.name, to.email),
        "Date": format_datetime(now),
        "Message-ID": message_id,
        **stop_headers,
    }
    raw = two_parts(headers, *_said(letter, context))
    assert places.are_in(raw), "its links would lead nowhere"  # noqa: S101
    return {
        "kind": letter.kind,
        "key": letter.key,
        "recipient_id": to.id,
        "outside": to.id is None,
        "address": to.email,
        "subject": subject,
        "message_id": message_id,
        "raw": raw,
        "places": places.kept,
        "link_in_clear": False,
        "state": MailState.QUEUED,
        "tries": 0,
        "next_try_at": now,
        "created_at": now,
    }


def _context(
    letter: Letter, to: Recipient, places: Places, settings: Settings
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the templates of *letter* know, and the headers by which its kind is stopped."""
    context: dict[str, Any] = {
        "base_url": settings.base_url,
        "program_name": settings.program_name,
        "to": to,
    }
    headers: dict[str, str] = {}
    if letter.link:
        context["link_url"] = settings.base_url + places.of(letter.link)
    if letter.links:
        urls = {name: settings.base_url + places.of(path) for name, path in letter.links.items()}
        context["link_urls"] = urls
    if letter.stop_link:
        context["stop_url"] = settings.base_url + places.of(letter.stop_link)
        headers = {
            "List-Unsubscribe": f"<{context['stop_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return {**context, **letter.context}, headers


def _said(letter: Letter, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what *letter* says as text, and as HTML."""
    folder = f"mail/{letter.template}"
    text = render_template(f"{folder}/body.txt", **context)
    html = _INLINER.inline(render_template(f"{folder}/body.html", **context))
    return short_lines(text), short_lines(_compact(html))


def _compact(html: str) -> str:
    """Return *html* without the spaces that inlining repeats: big mails are cut off by readers."""
    return _AROUND_LINE_ENDS.sub("\n", _STYLE.sub(lambda style: _tight(style[0]), html))


@lru_cache(maxsize=1_000)
def _tight(style: str) -> str:
    """Return an element's style without spaces; mails have the few that the layout gives them."""
    return re.sub(r"\s*([:;,])\s*", r"\1", style).replace(';"', '"')


def short_lines(text: str) -> str:
    """Return *text* with no line longer than a mail may have (RFC 5322, 2.1.1).

    One longer line would have the whole part encoded, and the places in it could not be found.
    """
    lines = text.encode().split(b"\n")
    if max(map(len, lines)) <= LONGEST_LINE:
        return text
    return b"\n".join(piece for line in lines for piece in _pieces(line)).decode()


def _pieces(line: bytes) -> Iterator[bytes]:
    """Yield *line* in pieces that are short enough: broken at a space, if there is one."""
    start = 0
    while len(line) - start > LONGEST_LINE:
        end = line.rfind(b" ", start + 1, start + LONGEST_LINE + 1)
        if end < 0:
            end = start + LONGEST_LINE
            while line[end] & 0b11000000 == 0b10000000:  # in the middle of a letter
                end -= 1
        yield line[start:end]
        start = end + line.startswith(b" ", end)
    yield line[start:]


def _message_id(key: str, base_url: str) -> str:
    digest = hashlib.sha256(f"{base_url} {key}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(base_url).hostname}>"
