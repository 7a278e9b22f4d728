"""Where people are signed in: rows, so that each can be ended from here."""

from datetime import datetime, timedelta

from sqlalchemy import update

from lms.core.db import db
from lms.core.links import hash_secret, new_secret
from lms.people.models import User
from lms.signin.models import UserSession

NOTED_EVERY = timedelta(minutes=2)
"""How often a request is written down as a sign of life; pages of a quiz ask each minute."""


def start(user: User, *, browser: str, now: datetime) -> str:
    """Sign *user* in and return the secret for the cookie. *browser* is what it calls itself."""
    secret = new_secret()
    db.session.add(
        UserSession(
            user_id=user.id,
            secret_hash=hash_secret(secret),
            browser=browser[:200],
            created_at=now,
            seen_at=now,
        )
    )
    db.session.flush()
    return secret


def touch(session_id: int, *, now: datetime) -> None:
    """Note that the session is in use."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def end(session_id: int, *, now: datetime) -> None:
    """End one session; its cookie is worth nothing from now on."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(user_id: int, *, now: datetime, but: int | None = None) -> None:
    """End all sessions of a person, except the one with id *but*."""
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.id != (but if but is not None else -1),
        )
        .values(ended_at=now)
    )


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe(browser: str) -> str:
    """Return how a person would call what calls itself *browser*: "Firefox on Windows"."""
    name = next((name for sign, name in _BROWSERS if sign in browser), "Another browser")
    system = next((name for sign, name in _SYSTEMS if sign in browser), "")
    return f"{name} on {system}" if system else name
