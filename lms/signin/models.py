"""Mailed links that let people in, where people are signed in, and how often others tried."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, text_enum
from lms.core.links import SecretPath, path_of
from lms.people.models import User


class LinkPurpose(StrEnum):
    """What a mailed link lets its reader do."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105


class AccountLink(Base):
    """A mailed link, good once and for a time.

    `secret_hash`: of the secret, if the first edition mailed it; nothing is kept of others.
    """

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(text_enum(LinkPurpose))
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> SecretPath:
        """Where the link leads."""
        return path_of("links", self.purpose.value, self.id, self.created_at)


class UserSession(Base):
    """A browser in which somebody is signed in. The cookie carries the secret, this its hash."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class TryKind(StrEnum):
    """What somebody may try who is not known yet."""

    PASSWORD = "password"  # noqa: S105
    MAIL = "mail"


class Throttle(Base):
    """How often was tried of late, in one place; no next try counts before `next_try_at`.

    `account`: the hash of an address, whether or not it has an account; empty: all of them.
    `network`: where it came from, or the known device that it came from; empty: all of them.
    `failures` are counted from `since` on, for a day.
    """

    __tablename__ = "throttle"
    __table_args__ = (
        CheckConstraint("account <> '' OR network <> ''", "somewhere"),
        CheckConstraint("failures >= 0", "failures"),
    )

    kind: Mapped[TryKind] = mapped_column(text_enum(TryKind), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    network: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
    next_try_at: Mapped[datetime]


class KnownDevice(Base):
    """A browser in which a person has been; its cookie carries the secret, this the hash.

    It lets nobody in. What is tried elsewhere does not slow its person down in it.
    """

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("user_id", "secret_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    secret_hash: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(index=True)


class ResetRequest(Base):
    """That somebody asked for a mail with which to choose a password; workers answer it.

    Whether `email` has an account, the page that took it did not look.
    """

    __tablename__ = "reset_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    network: Mapped[str]
    asked_at: Mapped[datetime]
