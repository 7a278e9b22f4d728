"""What people change about themselves, and what a director changes about them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms.core import audit
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.mail import MailState, Message
from lms.people.locking import locked_person, locked_with_directors
from lms.people.models import Discipline, Role, User, UserRole
from lms.people.queries import user_by_email as known
from lms.people.rules import clean_email, clean_name, clean_zone
from lms.signin import inviting, links, sessions
from lms.signin.models import LinkPurpose

THEMES = ("", "light", "dark")
"""How pages may look; empty follows the device."""


class LastDirector(Refusal):
    """Without a director nobody could run the program."""

    message = "This is the last active director. Give somebody else the role first."


class OwnAccount(Refusal):
    """A director must not lock himself out."""

    message = "You cannot disable your own account. Another director can."


def change_settings(user: User, *, name: str, time_zone: str, theme: str, now: datetime) -> None:
    """Change what a person may change about himself.

    Raises:
        Invalid: an entry is not what it must be.
    """
    if theme not in THEMES:
        raise Invalid("Choose one of the looks.", field="theme")
    person = locked_person(user.id)
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
    user, directors = locked_with_directors(user_id)
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


def mend_person(actor: User | None, user_id: int, *, name: str, email: str, now: datetime) -> User:
    """Give a person another name or address; links that were mailed to the old one end.

    Who was invited, and has not been in, is invited at the new address. What was not handed over
    to a mail server yet is not sent to the old one.

    Raises:
        Invalid: the name or the address will not do.
        AddressKnown: somebody else has the address.
    """
    name, email = clean_name(name), clean_email(email)
    person = locked_person(user_id)
    before = {"name": person.name, "email": person.email}
    after = {"name": name, "email": email}
    if before == after:
        return person
    if email != person.email:
        if known(email) is not None:
            raise inviting.AddressKnown
        links.end_open(person.id, now=now)
    try:
        with db.session.begin_nested():
            person.name, person.email = name, email
    except IntegrityError as error:  # somebody else is given it at this moment
        raise inviting.AddressKnown from error
    if email != before["email"]:
        _cancel_mails_to(person)  # who writes to the person waits now, or is seen here
    audit.record(actor, "user.mend", "user", user_id, now=now, before=before, after=after)
    if email != before["email"] and person.password_hash is None and person.is_active:
        links.mail(person, LinkPurpose.INVITATION, now=now)
    return person


def _cancel_mails_to(person: User) -> None:
    """Cancel what waits to be mailed to a person, also what a worker has taken up already."""
    not_out = Message.state.in_((MailState.QUEUED, MailState.CONNECTING))
    db.session.execute(
        update(Message)
        .where(Message.recipient_id == person.id, not_out)
        .values(
            state=MailState.CANCELLED,
            lease_until=None,
            reply="The address of the recipient was changed.",
        )
    )


def change_profession(
    actor: User | None,
    user_id: int,
    *,
    discipline: Discipline | None,
    clinician: bool,
    now: datetime,
) -> User:
    """Say what a person was trained in, and whether the person treats patients."""
    person = locked_person(user_id)
    before = {"discipline": person.discipline, "clinician": person.clinician}
    after = {"discipline": discipline, "clinician": clinician}
    if before != after:
        person.discipline, person.clinician = discipline, clinician
        audit.record(actor, "user.profession", "user", user_id, now=now, before=before, after=after)
    return person


def disable(actor: User | None, user_id: int, *, now: datetime) -> User:
    """Close an account: its sessions and links end. What it did stays.

    Raises:
        OwnAccount: *actor* asks it of himself.
        LastDirector: nobody could run the program any more.
    """
    if actor is not None and actor.id == user_id:
        raise OwnAccount
    user, directors = locked_with_directors(user_id)
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
    user = locked_person(user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        audit.record(actor, "user.enable", "user", user.id, now=now)
    return user
