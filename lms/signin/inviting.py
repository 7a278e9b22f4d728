"""Inviting people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from lms.core import audit
from lms.core.audit import Deed
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.inserts import insert_all
from lms.people.locking import locked_person
from lms.people.models import Role, User, UserRole
from lms.people.rules import clean_email, clean_name, clean_zone
from lms.signin import links, queries
from lms.signin.models import LinkPurpose


class AddressKnown(Invalid):
    """Somebody with that address is in the program already."""

    def __init__(self) -> None:
        super().__init__("There is already an account with this address.", field="email")


@dataclass(frozen=True)
class Newcomer:
    """Who is to join the program, and as what."""

    email: str
    name: str
    roles: frozenset[Role]
    time_zone: str


def invite_user(
    actor: User | None,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    time_zone: str,
    now: datetime,
) -> User:
    """Add a person and mail a link with which to choose a password; return it, roles loaded.

    Raises:
        AddressKnown: there is an account with *email*, disabled or not.
        Invalid: an entry is not what it must be.
    """
    newcomer = Newcomer(email, name, frozenset(roles), time_zone)
    return invite_users(actor, [newcomer], now=now)[0]


def invite_users(actor: User | None, newcomers: Sequence[Newcomer], *, now: datetime) -> list[User]:
    """Add people and mail each a link with which to choose a password; return them in that order.

    All of them or nobody. The number of statements does not grow with the number of people.

    Raises:
        AddressKnown: there is an account with the address of one, disabled or not.
        Invalid: an entry is not what it must be.
    """
    clean = [_clean(newcomer) for newcomer in newcomers]
    users = _store(clean, now)
    links.mail_first(users, now=now)
    audit.record_all(actor, [_deed(user) for user in users], now=now)
    return users


def _clean(newcomer: Newcomer) -> Newcomer:
    if not newcomer.roles:
        raise Invalid("Choose at least one role.", field="roles")
    return Newcomer(
        email=clean_email(newcomer.email),
        name=clean_name(newcomer.name),
        roles=newcomer.roles,
        time_zone=clean_zone(newcomer.time_zone),
    )


def _store(newcomers: Sequence[Newcomer], now: datetime) -> list[User]:
    try:
        with db.session.begin_nested():
            stored = insert_all(User, [_row(newcomer, now) for newcomer in newcomers])
    except IntegrityError as error:
        raise AddressKnown from error
    ids = {user.email: user.id for user in stored}
    held = [
        {"user_id": ids[newcomer.email], "role": role}
        for newcomer in newcomers
        for role in sorted(newcomer.roles)
    ]
    insert_all(UserRole, held)
    loaded = select(User).where(User.id.in_(ids.values())).options(selectinload(User.role_rows))
    by_email = {user.email: user for user in db.session.scalars(loaded)}
    return [by_email[newcomer.email] for newcomer in newcomers]


def _row(newcomer: Newcomer, now: datetime) -> dict[str, Any]:
    return {
        "email": newcomer.email,
        "name": newcomer.name,
        "time_zone": newcomer.time_zone,
        "created_at": now,
    }


def _deed(user: User) -> Deed:
    after = {"email": user.email, "name": user.name, "roles": sorted(user.roles)}
    return Deed("user.invite", "user", user.id, after=after)


JUST_NOW = timedelta(minutes=1)
"""How long after an invitation no other is sent."""


def invite_again(actor: User | None, user_id: int, *, now: datetime) -> User:
    """Mail a new invitation to a person who has not been in; the old link ends.

    Raises:
        Refusal: the person has a password or is disabled, or the last one has only just gone:
            who presses twice would end the link in the mail that comes first.
    """
    user = locked_person(user_id)
    if user.password_hash is not None or not user.is_active:
        raise Refusal(f"{user.name} is not waiting for an invitation, so none was sent.")
    if just_invited(user_id, now):
        raise Refusal(
            f"{user.name} was sent an invitation less than a minute ago, and its link is good. "
            "No second one was sent."
        )
    links.mail(user, LinkPurpose.INVITATION, now=now)
    audit.record(actor, "user.invite_again", "user", user.id, now=now)
    return user


def just_invited(user_id: int, now: datetime) -> bool:
    """Whether an invitation has only just gone, and its link is good."""
    last = queries.latest_invitation(user_id)
    return last is not None and last.created_at > now - JUST_NOW and last.expires_at > now
