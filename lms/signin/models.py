"""Mailed links that let people in, and where people are signed in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
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
