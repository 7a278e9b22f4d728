"""Reading about people."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lms.accounts.models import Role, User, UserRole, UserSession
from lms.core.db import db
from lms.core.errors import NotFound

IDLE = timedelta(hours=12)
"""How long a session lasts without a request."""

ABSOLUTE = timedelta(days=7)
"""How long a session lasts at most."""


def hash_secret(secret: str) -> str:
    """Return what is kept of a *secret* of at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def user_of_session(secret: str, *, now: datetime) -> User | None:
    """Return who is signed in with *secret*, roles loaded, in one statement; or None.

    The person is detached, so that a transaction that fails later does not take the
    person's name and roles from the page that says so.
    """
    found = db.session.scalar(
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
    if found is None:
        return None
    user = found.user
    db.session.expunge(found)
    db.session.expunge(user)
    user.session = found  # type: ignore[misc]
    return user


def user_by_email(email: str) -> User | None:
    """Return the person with *email*, however it is written; roles loaded."""
    return db.session.scalar(
        select(User).where(User.email == email.strip().lower()).options(joinedload(User.role_rows))
    )


def user_by_id(user_id: int) -> User:
    """Return a person, roles loaded.

    Raises:
        NotFound: there is no such person.
    """
    user = db.session.scalar(
        select(User).where(User.id == user_id).options(joinedload(User.role_rows))
    )
    if user is None:
        raise NotFound
    return user


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
