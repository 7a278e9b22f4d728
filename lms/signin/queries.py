"""Reading who is signed in, and which mailed links are good."""

from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.orm import contains_eager, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from lms.core.db import asked_first, db
from lms.core.links import hash_secret, link_with, open_at
from lms.people.models import User, UserRole
from lms.signin.models import AccountLink, LinkPurpose, ResetRequest, UserSession

IDLE = timedelta(hours=12)
"""How long a session lasts without a request."""

ABSOLUTE = timedelta(days=7)
"""How long a session lasts at most."""

_USER, _ROLE, _SESSION = (cast(Table, model.__table__) for model in (User, UserRole, UserSession))

_SIGNED_IN = (
    select(_SESSION.c.id, _SESSION.c.seen_at, _ROLE.c.role, *_USER.c)
    .join_from(_SESSION, _USER)
    .outerjoin(_ROLE)
    .where(
        _SESSION.c.secret_hash == bindparam("secret_hash"),
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.seen_at > bindparam("idle"),
        _SESSION.c.created_at > bindparam("absolute"),
        _USER.c.disabled_at.is_(None),
    )
    .order_by(_ROLE.c.role)
)
"""Asked for each request, and so put together once, and read without the unit of work."""

_COLUMNS = tuple(_USER.c.keys())


class _OpenSession(NamedTuple):
    id: int
    seen_at: datetime


def user_of_session(secret: str, *, now: datetime) -> User | None:
    """Return who is signed in with *secret*, roles loaded, in one statement; or None.

    The person is detached, so that a transaction that fails later does not take the
    person's name and roles from the page that says so.
    """
    asked = {
        "secret_hash": hash_secret(secret), "idle": now - IDLE, "absolute": now - ABSOLUTE
    }  # fmt: skip
    rows = asked_first(lambda connection: connection.execute(_SIGNED_IN, asked).all())
    if not rows:
        return None
    session_id, seen_at, _, *told = rows[0]
    user = User()
    for name, value in zip(_COLUMNS, told, strict=True):
        set_committed_value(user, name, value)
    make_transient_to_detached(user)
    roles = [UserRole(user_id=user.id, role=row.role) for row in rows if row.role]
    set_committed_value(user, "role_rows", roles)
    user.session = _OpenSession(session_id, seen_at)  # type: ignore[misc]
    return user


def is_unspent(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a link was not used, and has not run out, at *now*."""
    return open_at(now, AccountLink.expires_at, AccountLink.used_at)


def open_link(secret: str, *, now: datetime) -> AccountLink | None:
    """Return the link with *secret*, owner loaded, if it could be used now."""
    usable = (
        select(AccountLink)
        .join(AccountLink.user)
        .options(contains_eager(AccountLink.user))
        .where(is_unspent(now), User.disabled_at.is_(None))
    )
    return link_with(secret, usable, number=AccountLink.id, kept=AccountLink.secret_hash)


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


def unanswered_requests() -> list[int]:
    """Return which requests for a mail wait for workers, by id, the first one first."""
    return list(db.session.scalars(select(ResetRequest.id).order_by(ResetRequest.id)))
