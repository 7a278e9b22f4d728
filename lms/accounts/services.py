"""Inviting people again, their passwords, and what a director changes about them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from lms.accounts import links, passwords, queries, rules, sessions
from lms.accounts.entry import WrongPassword
from lms.accounts.models import LinkPurpose, Role, User, UserRole
from lms.accounts.passwords import hash_password
from lms.accounts.rules import clean_name, clean_zone
from lms.core import audit
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal

THEMES = ("", "light", "dark")
"""How pages may look; empty follows the device."""

JUST_NOW = timedelta(minutes=1)
"""How long after an invitation no other is sent."""


class LastDirector(Refusal):
    """Without a director nobody could run the program."""

    message = "This is the last active director. Give somebody else the role first."


class OwnAccount(Refusal):
    """A director must not lock himself out."""

    message = "You cannot disable your own account. Another director can."


def invite_again(actor: User | None, user_id: int, *, now: datetime) -> User:
    """Mail a new invitation to a person who has not been in; the old link ends.

    Raises:
        Refusal: the person has a password or is disabled, or the last one has only just gone:
            who presses twice would end the link in the mail that comes first.
    """
    user = _locked(user_id)
    if user.password_hash is not None or not user.is_active:
        raise Refusal(f"{user.name} is not waiting for an invitation, so none was sent.")
    if _just_invited(user_id, now):
        raise Refusal(
            f"{user.name} was sent an invitation less than a minute ago, and its link is good. "
            "No second one was sent."
        )
    links.mail(user, LinkPurpose.INVITATION, now=now)
    audit.record(actor, "user.invite_again", "user", user.id, now=now)
    return user


def request_reset(email: str, *, now: datetime) -> None:
    """Mail a reset link if an active person has *email*; an invitation to who has not been in.

    The caller says the same either way.
    """
    user = queries.user_by_email(email)
    mailed = user is not None and user.is_active
    if user is not None and user.is_active and user.password_hash is None:
        user = _locked(user.id)
        if not _just_invited(user.id, now):
            links.mail(user, LinkPurpose.INVITATION, now=now)
    elif user is not None and user.is_active:
        links.mail(user, LinkPurpose.PASSWORD_RESET, now=now)
    audit.record(
        None, "user.ask_reset", "user", user.id if user else None, now=now, after={"mailed": mailed}
    )


def _just_invited(user_id: int, now: datetime) -> bool:
    """Whether an invitation has only just gone, and its link is good."""
    last = queries.latest_invitation(user_id)
    return last is not None and last.created_at > now - JUST_NOW and last.expires_at > now


def reset_link(email: str, *, now: datetime) -> str:
    """Return the path of a new reset link for an active person, mailed to nobody.

    Raises:
        NotFound: no active person has *email*.
    """
    user = queries.user_by_email(email)
    if user is None or not user.is_active:
        raise NotFound(f"No active account has the address {email}.")
    _link, secret = links.issue(user, LinkPurpose.PASSWORD_RESET, now=now)
    audit.record(None, "user.make_reset_link", "user", user.id, now=now)
    return f"/links/{secret}"


def accept_link(secret: str, password: str, *, now: datetime) -> User:
    """Use up a mailed link and give its owner *password*; every session ends.

    Raises:
        LinkSpent: the link is not good, or not any more.
        Invalid: the password cannot be chosen; the link stays good.
    """
    known = queries.open_link(secret, now=now)
    if known is None:
        raise links.LinkSpent
    user = _locked(known.user_id)  # before the link, as everybody else locks them
    link = links.use_up(secret, now=now)
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
    owner = _locked(user.id)
    if not passwords.is_right(owner.password_hash, current):
        raise WrongPassword("This is not your current password.", field="current")
    _give_password(owner, password, now=now)
    sessions.end_all(owner.id, now=now, but=but)
    audit.record(user, "user.change_password", "user", user.id, now=now)


def _give_password(user: User, password: str, *, now: datetime) -> None:
    flaw = rules.flaw_of(password, about=(user.email, user.name))
    if flaw is not None:
        raise Invalid(flaw, field="password")
    user.password_hash = hash_password(password)
    links.end_open(user.id, now=now)


def change_settings(user: User, *, name: str, time_zone: str, theme: str, now: datetime) -> None:
    """Change what a person may change about himself.

    Raises:
        Invalid: an entry is not what it must be.
    """
    if theme not in THEMES:
        raise Invalid("Choose one of the looks.", field="theme")
    person = _locked(user.id)
    before = {"name": person.name, "time_zone": person.time_zone, "theme": person.theme}
    after = {"name": clean_name(name), "time_zone": clean_zone(time_zone), "theme": theme}
    person.name, person.time_zone, person.theme = after["name"], after["time_zone"], theme
    audit.record(user, "user.settings", "user", user.id, now=now, before=before, after=after)


def change_roles(actor: User | None, user_id: int, roles: Iterable[Role], *, now: datetime) -> User:
    """Let a person hold *roles* and no others; every session of theirs ends.

    Raises:
        Invalid: no role is left.
        LastDirector: nobody could run the program any more.
    """
    wanted = frozenset(roles)
    if not wanted:
        raise Invalid("Choose at least one role. To close the account, disable it.", field="roles")
    user, directors = _locked_with_directors(user_id)
    held = user.roles
    if wanted == held:
        return user
    if Role.DIRECTOR not in wanted and directors == {user.id}:
        raise LastDirector
    user.role_rows = [row for row in user.role_rows if row.role in wanted]
    user.role_rows += [UserRole(role=role) for role in sorted(wanted - held)]
    sessions.end_all(user.id, now=now)
    audit.record(
        actor,
        "user.roles",
        "user",
        user.id,
        now=now,
        before={"roles": sorted(held)},
        after={"roles": sorted(wanted)},
    )
    return user


def disable(actor: User | None, user_id: int, *, now: datetime) -> User:
    """Close an account: its sessions and links end. What it did stays.

    Raises:
        OwnAccount: *actor* asks it of himself.
        LastDirector: nobody could run the program any more.
    """
    if actor is not None and actor.id == user_id:
        raise OwnAccount
    user, directors = _locked_with_directors(user_id)
    if directors == {user.id}:
        raise LastDirector
    if user.disabled_at is None:
        user.disabled_at = now
        audit.record(actor, "user.disable", "user", user.id, now=now)
    sessions.end_all(user.id, now=now)
    links.end_open(user.id, now=now)
    return user


def enable(actor: User | None, user_id: int, *, now: datetime) -> User:
    """Open a closed account again, with the password and the roles it had."""
    user = _locked(user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        audit.record(actor, "user.enable", "user", user.id, now=now)
    return user


def lock_people(chosen: ColumnElement[bool]) -> None:
    """Let nobody else change the people who are *chosen* until the commit.

    Who needs several takes them by one call: all lock them in one order, so that no two wait for
    each other. Rows that only refer to them can still be made.
    """
    held = select(User.id).where(chosen).order_by(User.id).with_for_update(key_share=True)
    db.session.execute(held)


def _locked(user_id: int) -> User:
    """Return a person, roles loaded, whom nobody else changes until the commit."""
    lock_people(User.id == user_id)
    return queries.user_by_id(user_id)


def _locked_with_directors(user_id: int) -> tuple[User, set[int]]:
    """Return a person and the ids of the active directors; nobody else changes one of them."""
    directors = select(UserRole.user_id).where(UserRole.role == Role.DIRECTOR)
    lock_people(or_(User.id == user_id, User.id.in_(directors)))
    active = directors.join(User).where(User.disabled_at.is_(None))
    return queries.user_by_id(user_id), set(db.session.scalars(active))
