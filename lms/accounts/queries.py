"""Reading about people."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lms.accounts.models import AccountLink, LinkPurpose, Role, User, UserRole, UserSession
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.links import hash_secret, open_at
from lms.core.mail import Message
from lms.core.mail.delivery import for_accounts
from lms.core.paging import Page, page_of, whole

IDLE = timedelta(hours=12)
"""How long a session lasts without a request."""

ABSOLUTE = timedelta(days=7)
"""How long a session lasts at most."""

PAGE = 50
"""How many people a page lists."""


def user_of_session(secret: str, *, now: datetime) -> User | None:
    """Return who is signed in with *secret*, roles loaded, in one statement; or None.

    The person is detached, so that a transaction that fails later does not take the
    person's name and roles from the page that says so.
    """
    session = db.session.scalar(
        select(UserSession)
        .join(UserSession.user)
        .options(contains_eager(UserSession.user).joinedload(User.role_rows))
        .where(
            UserSession.secret_hash == hash_secret(secret),
            UserSession.ended_at.is_(None),
            UserSession.seen_at > now - IDLE,
            UserSession.created_at > now - ABSOLUTE,
            User.disabled_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if session is None:
        return None
    user = session.user
    db.session.expunge(session)
    db.session.expunge(user)
    user.session = session  # type: ignore[misc]
    return user


def user_by_email(email: str) -> User | None:
    """Return the person with *email*, however it is written; roles loaded."""
    if not email.isprintable():
        return None
    return db.session.scalar(
        select(User).where(User.email == email.strip().lower()).options(joinedload(User.role_rows))
    )


def user_by_id(user_id: int) -> User:
    """Return a person as the database knows them now, roles loaded.

    Raises:
        NotFound: there is no such person.
    """
    user = db.session.scalar(
        select(User)
        .where(User.id == user_id)
        .options(joinedload(User.role_rows))
        .execution_options(populate_existing=True)
    )
    if user is None:
        raise NotFound
    return user


@for_accounts
def may_be_written_to(message: Message, now: datetime) -> bool:
    """Return whether the account of the recipient of *message* is not closed."""
    active = select(User.id).where(User.id == message.recipient_id, User.disabled_at.is_(None))
    return db.session.scalar(active) is not None


def people_with(role: Role) -> list[User]:
    """Return the active people who hold *role*, by name; roles loaded."""
    return list(
        db.session.scalars(
            select(User)
            .join(UserRole)
            .where(UserRole.role == role, User.disabled_at.is_(None))
            .options(selectinload(User.role_rows))
            .order_by(User.name, User.id)
        )
    )


class PersonState(StrEnum):
    """How far a person is in."""

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"


_STATES = {
    PersonState.ACTIVE: and_(User.disabled_at.is_(None), User.password_hash.is_not(None)),
    PersonState.INVITED: and_(User.disabled_at.is_(None), User.password_hash.is_(None)),
    PersonState.DISABLED: User.disabled_at.is_not(None),
}


def state_of(user: User) -> PersonState:
    """Return how far *user* is in."""
    if user.disabled_at is not None:
        return PersonState.DISABLED
    return PersonState.ACTIVE if user.password_hash else PersonState.INVITED


def people(
    page: int, *, text: str, role: Role | None, state: PersonState | None, size: int = PAGE
) -> Page[User]:
    """Return a page of the people whose name or address contains *text*, by name; roles loaded."""
    found = select(User)
    if text:
        found = found.where(
            or_(
                User.name.icontains(text, autoescape=True),
                User.email.icontains(text, autoescape=True),
            )
        )
    if role is not None:
        found = found.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == role)))
    if state is not None:
        found = found.where(_STATES[state])
    found = found.options(selectinload(User.role_rows)).order_by(User.name, User.id)
    return page_of(found, page, size=size, read=whole)


def is_unspent(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a link was not used, and has not run out, at *now*."""
    return open_at(now, AccountLink.expires_at, AccountLink.used_at)


def open_link(secret: str, *, now: datetime) -> AccountLink | None:
    """Return the link with *secret*, owner loaded, if it could be used now."""
    return db.session.scalar(
        select(AccountLink)
        .join(AccountLink.user)
        .options(contains_eager(AccountLink.user))
        .where(
            AccountLink.secret_hash == hash_secret(secret),
            is_unspent(now),
            User.disabled_at.is_(None),
        )
    )


def open_sessions(user_id: int, *, now: datetime) -> list[UserSession]:
    """Return where a person is signed in, the latest used first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id,
                UserSession.ended_at.is_(None),
                UserSession.seen_at > now - IDLE,
                UserSession.created_at > now - ABSOLUTE,
            )
            .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        )
    )


def latest_invitation(user_id: int) -> AccountLink | None:
    """Return the last invitation that a person was sent, good or not."""
    return db.session.scalar(
        select(AccountLink)
        .where(AccountLink.user_id == user_id, AccountLink.purpose == LinkPurpose.INVITATION)
        .order_by(AccountLink.id.desc())
        .limit(1)
    )
