"""Reading about people."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import Message
from lms.core.mail.rules import for_accounts
from lms.core.paging import Page, page_of, whole
from lms.people.models import Role, User, UserRole
from lms.people.seeking import seek_words

PAGE = 50
"""How many people a page lists."""


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
def may_be_written_to(messages: Sequence[Message], now: datetime) -> set[int]:
    """Return which messages have recipients with their address still, and no closed account."""
    active = (
        select(Message.id)
        .join(User, User.id == Message.recipient_id)
        .where(
            Message.id.in_([message.id for message in messages]),
            User.email == Message.address,
            User.disabled_at.is_(None),
        )
    )
    return set(db.session.scalars(active))


def roles_and_zones(user_ids: Iterable[int]) -> dict[int, tuple[set[Role], str]]:
    """Return the roles and the time zone of people, by their ids; one statement."""
    rows = db.session.execute(
        select(User.id, User.time_zone, UserRole.role)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(User.id.in_(list(user_ids)))
    )
    found: dict[int, tuple[set[Role], str]] = {}
    for user_id, zone, role in rows:
        roles, _ = found.setdefault(user_id, (set(), zone))
        if role is not None:
            roles.add(role)
    return found


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


def people_with_one_of(roles: Iterable[Role]) -> list[User]:
    """Return the active people who hold one of *roles*, by name; roles loaded."""
    held = select(UserRole.user_id).where(UserRole.role.in_(list(roles)))
    return list(
        db.session.scalars(
            select(User)
            .where(User.id.in_(held), User.disabled_at.is_(None))
            .options(selectinload(User.role_rows))
            .order_by(User.name, User.id)
        )
    )


def people_of(ids: Collection[int], role: Role | None = None) -> list[User]:
    """Return the people with these *ids* who hold *role*, by name; roles loaded. None: any role."""
    query = select(User).where(User.id.in_(ids)).options(selectinload(User.role_rows))
    if role is not None:
        query = query.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == role)))
    return list(db.session.scalars(query.order_by(User.name, User.id)))


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


def named_like(text: str) -> ColumnElement[bool]:
    """Return the condition that name and address of a person contain each word of *text*.

    Case and accents are no difference. Further words than twelve are not asked for. Nobody's do
    where there is no word in it, but accents alone.
    """
    words = seek_words(text)
    return and_(
        true() if words else false(),
        *(User.sought.contains(word, autoescape=True) for word in words),
    )


def people(
    page: int, *, text: str, role: Role | None, state: PersonState | None, size: int = PAGE
) -> Page[User]:
    """Return a page of the people who are `named_like` *text*, by name; roles loaded."""
    query = select(User)
    if text:
        query = query.where(named_like(text))
    if role is not None:
        query = query.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == role)))
    if state is not None:
        query = query.where(_STATES[state])
    query = query.options(selectinload(User.role_rows)).order_by(User.name, User.id)
    return page_of(query, page, size=size, read=whole)
