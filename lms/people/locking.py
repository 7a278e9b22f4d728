"""Locking people: who needs several takes them in one order."""

from sqlalchemy import ColumnElement, or_, select

from lms.core.db import db
from lms.people import queries
from lms.people.models import Role, User, UserRole


def lock_people(chosen: ColumnElement[bool]) -> None:
    """Let nobody else change the people who are *chosen* until the commit.

    Who needs several takes them by one call: all lock them in one order, so that no two wait for
    each other. Rows that only refer to them can still be made.
    """
    held = select(User.id).where(chosen).order_by(User.id).with_for_update(key_share=True)
    db.session.execute(held)


def locked_person(user_id: int) -> User:
    """Return a person, roles loaded, whom nobody else changes until the commit."""
    lock_people(User.id == user_id)
    return queries.user_by_id(user_id)


def locked_person_with(email: str) -> User | None:
    """Return who has *email*, roles loaded, and keeps it until the commit; None: nobody has."""
    found = queries.user_by_email(email)
    if found is None:
        return None
    address = found.email
    person = locked_person(found.id)  # who changed it meanwhile was waited for
    return person if person.email == address else None


def locked_with_directors(user_id: int) -> tuple[User, set[int]]:
    """Return a person and the ids of the active directors; nobody else changes one of them."""
    directors = select(UserRole.user_id).where(UserRole.role == Role.DIRECTOR)
    lock_people(or_(User.id == user_id, User.id.in_(directors)))
    active = directors.join(User).where(User.disabled_at.is_(None))
    return queries.user_by_id(user_id), set(db.session.scalars(active))
