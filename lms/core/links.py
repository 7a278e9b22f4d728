"""Secrets that let in who knows them, in mailed links and in cookies. Only their hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.db import db


class SecretLink(Protocol):
    """A row about a mailed link."""

    secret_hash: str
    expires_at: datetime


def new_secret() -> str:
    """Return 256 random bits, in letters that an address and a cookie can have."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return what is kept of a *secret* of at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(link: SecretLink, *, lasts: timedelta, now: datetime) -> str:
    """Keep *link*, a new row, and let it end after *lasts*. Return its secret, told once."""
    secret = new_secret()
    link.secret_hash = hash_secret(secret)
    link.expires_at = now + lasts
    db.session.add(link)
    db.session.flush()
    return secret


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
