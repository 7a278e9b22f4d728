"""Coming in and going out."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update

from lms.core import audit
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.people import queries
from lms.people.locking import lock_people
from lms.people.models import User
from lms.people.rules import clean_email
from lms.signin import known_devices, passwords, sessions
from lms.signin.models import UserSession


class WrongPassword(Invalid):
    """No such address, or not its password: one answer for both."""

    message = "The address and the password do not match an account."


def check_password(email: str, password: str) -> User:
    """Return who has *email*, if *password* is right and the person may come in.

    An unknown address, a disabled account and an unused invitation cost the same work and
    get the same answer as a wrong password.

    Raises:
        WrongPassword: not so.
    """
    user = queries.user_by_email(email)
    right = passwords.is_right(user.password_hash if user else None, password)
    if user is None or not right or not user.is_active:
        raise WrongPassword
    return user


def note_refusal(email: str, *, network: str, now: datetime) -> int | None:
    """Note that somebody from *network* gave a wrong password for *email*; return whose it is.

    What can be no address is not kept: it may be a password, typed in the wrong field.
    """
    user = queries.user_by_email(email)
    after = {"network": network}
    if user is None:
        with suppress(Invalid):
            after["address"] = clean_email(email)
    whose = user.id if user else None
    audit.record(None, "session.refuse", "user", whose, now=now, after=after)
    return whose


def sign_in(user: User, password: str, *, browser: str, now: datetime) -> str:
    """Start a session for *user*, just checked, and return the secret for the cookie.

    Raises:
        WrongPassword: since the check the account was disabled or the password changed.
    """
    if not _is_still(user):
        raise WrongPassword
    if passwords.is_outdated(user.password_hash or ""):
        kept = passwords.hash_password(password)
        db.session.execute(update(User).where(User.id == user.id).values(password_hash=kept))
    audit.record(user, "session.start", "user", user.id, now=now)
    return sessions.start(user, browser=browser, now=now)


def _is_still(user: User) -> bool:
    """Lock who may come in with the password that was checked, and return whether that is so."""
    same = (User.password_hash == user.password_hash, User.disabled_at.is_(None))
    of_it = select(User.id).where(User.id == user.id, *same)
    return db.session.scalar(of_it.with_for_update(key_share=True)) is not None


def sign_out_everywhere(user: User, *, now: datetime) -> None:
    """End all sessions of *user*, this one too; no device is known any more."""
    lock_people(User.id == user.id)  # before them, as everybody else locks them
    sessions.end_all(user.id, now=now)
    known_devices.forget_all(user.id)
    audit.record(user, "session.end_all", "user", user.id, now=now)


def sign_out(user: User, session_id: int, *, now: datetime) -> None:
    """End one of *user*'s own sessions.

    Raises:
        NotFound: it is not one of theirs.
    """
    owner = db.session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
    if owner != user.id:
        raise NotFound
    sessions.end(session_id, now=now)
    audit.record(user, "session.end", "user", user.id, now=now)
