"""Secrets that let in who knows them, in mailed links and in cookies. Nothing stored holds one.

The secret of a link is signed anew whenever it is needed, from our key, the purpose of the link
and its name. Of links that the first edition mailed, and of sessions, the hash is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.db import LARGEST_ID, db
from lms.core.signing import is_signature, signature

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SecretPath:
    """An address, below that of the site, that ends in a secret.

    `head` is what stands before the secret, which our key makes of `name` for `purpose`.
    """

    head: str
    purpose: str
    name: str

    def in_clear(self) -> str:
        """Return the whole address; it is for eyes and mails, and to be stored nowhere."""
        return self.head + self.secret()

    def secret(self) -> str:
        """Return what opens it."""
        return signature(self.name, purpose=self.purpose)


class SecretLink(Protocol):
    """A row about a mailed link."""

    @property
    def path(self) -> SecretPath:
        """Where the link leads."""


Link = TypeVar("Link", bound=SecretLink)


def path_of(folder: str, purpose: str, link_id: int, made_at: datetime) -> SecretPath:
    """Return the address of the link with *link_id* in *folder* ("links").

    Its name has the moment at which it was made, to the microsecond, besides its number: where a
    database was put back to an earlier day, numbers are given out again, and what was mailed
    before must not open what is made after.
    """
    moment = (made_at - _EPOCH) // timedelta(microseconds=1)
    return SecretPath(f"/{folder}/{link_id}.", purpose, f"{link_id}@{moment}")


def link_with(
    secret: str,
    among: Select[Link],
    *,
    number: InstrumentedAttribute[int],
    kept: InstrumentedAttribute[str | None] | None = None,
) -> Link | None:
    """Return the link that *secret*, as it stands in an address, opens; None: no such link.

    Args:
        secret: The number of a link, a dot and its signature; or what the first edition mailed.
        among: Which links are meant.
        number: The column of their number.
        kept: The column of the hash that is kept of what the first edition mailed; None: it mailed
            none of them.
    """
    first, dot, signed = secret.partition(".")
    if not dot:
        if kept is None:
            return None
        return db.session.scalar(among.where(kept == hash_secret(secret)))
    is_number = first.isascii() and first.isdecimal() and len(first) <= 10
    if not is_number or int(first) > LARGEST_ID:
        return None
    numbered = among.where(number == int(first))
    link: Link | None = db.session.scalar(
        numbered if kept is None else numbered.where(kept.is_(None))
    )
    if link is None:
        return None
    path = link.path
    return link if is_signature(signed, path.name, purpose=path.purpose) else None


def new_secret() -> str:
    """Return 256 random bits, in letters that an address and a cookie can have."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return what is kept of a *secret* of at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_at(
    now: datetime,
    expires_at: InstrumentedAttribute[datetime],
    over_at: InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    """Return the condition that a link could be used at *now*.

    *expires_at* is the column of the moment from which it cannot, *over_at* that of the moment at
    which it was used up or taken back.
    """
    return and_(over_at.is_(None), expires_at > now)


def is_open(now: datetime, expires_at: datetime, over_at: datetime | None) -> bool:
    """Return whether a link could be used at *now*; the moments are those of `open_at`."""
    return over_at is None and now < expires_at


def end_links(
    which: ColumnElement[bool],
    ended_by: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    *,
    now: datetime,
) -> None:
    """Let the links *which* end now; *ended_by* is the column that says so."""
    db.session.execute(update(ended_by.class_).where(which).values({ended_by: now}))
