"""Passwords chosen by their owners: by a mailed link, or knowing the present one."""

from datetime import datetime

from sqlalchemy import select

from lms.core import audit
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.errors import Invalid, NotFound
from lms.people.locking import locked_person, locked_person_with
from lms.people.models import User
from lms.signin import known_devices, links, password_rules, passwords, sessions
from lms.signin import queries as signin
from lms.signin.inviting import just_invited
from lms.signin.models import LinkPurpose, ResetRequest
from lms.signin.passwords import hash_password
from lms.signin.services import WrongPassword


def ask_for_reset(email: str, *, network: str, now: datetime) -> None:
    """Have workers answer that somebody in *network* asked for a link for *email*.

    Whoever asks cannot tell from the work that this takes whether there is such an account.
    """
    db.session.add(ResetRequest(email=email, network=network, asked_at=now))
    enqueue("signin.answer_resets")


def answer_request(request_id: int, *, now: datetime) -> None:
    """Answer what somebody asked for, if it was not answered, and nobody else does it just now."""
    waiting = select(ResetRequest).where(ResetRequest.id == request_id)
    asked = db.session.scalar(waiting.with_for_update(skip_locked=True))
    if asked is not None:
        db.session.delete(asked)
        request_reset(asked.email, network=asked.network, now=now)


def request_reset(email: str, *, network: str | None = None, now: datetime) -> None:
    """Mail a reset link if an active person has *email*; an invitation to who has not been in.

    Links that were mailed before stay good as long as they are: else a stranger who asks again
    and again would end each before its owner could use it.
    """
    user = locked_person_with(email)
    mailed = user is not None and user.is_active
    if user is not None and user.is_active and user.password_hash is None:
        if not just_invited(user.id, now):
            links.mail(user, LinkPurpose.INVITATION, now=now, by_anyone=True)
    elif user is not None and user.is_active:
        links.mail(user, LinkPurpose.PASSWORD_RESET, now=now, by_anyone=True)
    after = {"mailed": mailed, "network": network}
    audit.record(None, "user.ask_reset", "user", user.id if user else None, now=now, after=after)


def reset_link(email: str, *, now: datetime) -> str:
    """Return the path of a new reset link for an active person, mailed to nobody.

    Raises:
        NotFound: no active person has *email*.
    """
    user = locked_person_with(email)
    if user is None or not user.is_active:
        raise NotFound(f"No active account has the address {email}.")
    link = links.issue(user, LinkPurpose.PASSWORD_RESET, now=now)
    audit.record(None, "user.make_reset_link", "user", user.id, now=now)
    return link.path.in_clear()


def accept_link(secret: str, password: str, *, now: datetime) -> User:
    """Use up a mailed link and give its owner *password*; every session ends.

    Raises:
        LinkSpent: the link is not good, or not any more.
        Invalid: the password cannot be chosen; the link stays good.
    """
    known = signin.open_link(secret, now=now)
    if known is None:
        raise links.LinkSpent
    user = locked_person(known.user_id)  # before the link, as everybody else locks them
    link = links.use_up(known.id, now=now)
    _give_password(user, password, now=now)
    sessions.end_all(user.id, now=now)
    action = "user.join" if link.purpose is LinkPurpose.INVITATION else "user.reset_password"
    audit.record(user, action, "user", user.id, now=now)
    return user


def change_password(user: User, current: str, password: str, *, but: int, now: datetime) -> None:
    """Change *user*'s own password; every session but the one with id *but* ends.

    Raises:
        WrongPassword: *current* is not the current password.
        Invalid: *password* cannot be chosen.
    """
    owner = locked_person(user.id)
    if not passwords.is_right(owner.password_hash, current):
        raise WrongPassword("This is not your current password.", field="current")
    _give_password(owner, password, now=now)
    sessions.end_all(owner.id, now=now, but=but)
    audit.record(user, "user.change_password", "user", user.id, now=now)


def _give_password(user: User, password: str, *, now: datetime) -> None:
    flaw = password_rules.flaw_of(password, about=(user.email, user.name))
    if flaw is not None:
        raise Invalid(flaw, field="password")
    user.password_hash = hash_password(password)
    known_devices.forget_all(user.id)
    links.end_open(user.id, now=now)
