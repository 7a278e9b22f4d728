"""Panels, who is asked, the links that were mailed, and the answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.models import CaseVersion, StoredCase
from lms.core.db import Base, text_enum
from lms.core.links import SecretPath, path_of
from lms.people.models import User

LONGEST_COMMENT = 500


class PanelState(StrEnum):
    """Whether a panel takes answers."""

    OPEN = "open"
    CLOSED = "closed"


class Panel(Base):
    """Experts asked about a version of a case; one at a time. `used_in_id`: what came of it."""

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed"),
        CheckConstraint("used_in_id IS NULL OR state = 'closed'", "used"),
        Index(
            "uq_panel_open",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"))
    state: Mapped[PanelState] = mapped_column(text_enum(PanelState), default=PanelState.OPEN)
    opened_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    used_in_id: Mapped[int | None] = mapped_column(ForeignKey("case_version.id"))

    case: Mapped[StoredCase] = relationship(lazy="raise_on_sql")
    version: Mapped[CaseVersion] = relationship(lazy="raise_on_sql", foreign_keys=[case_version_id])
    used_in: Mapped[CaseVersion | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[used_in_id]
    )
    opener: Mapped[User] = relationship(lazy="raise_on_sql")


class Panelist(Base):
    """Somebody who was asked. `email` is kept case-folded; `name` may be empty.

    Answers that were given stay counted when the invitation is withdrawn after them.
    """

    __tablename__ = "panelist"
    __table_args__ = (
        UniqueConstraint("panel_id", "email"),
        CheckConstraint("email = lower(email)", "email_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    email: Mapped[str]
    name: Mapped[str]
    invited_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship(lazy="raise_on_sql")


class PanelLink(Base):
    """A link that was mailed to a panelist.

    `secret_hash`: of the secret, if the first edition mailed it; nothing is kept of others.
    A reminder brings another one and leaves those before it good: the page that an earlier one
    opened may be half filled in.
    """

    __tablename__ = "panel_link"
    __table_args__ = (CheckConstraint("made_at < expires_at", "lasts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panelist_id: Mapped[int] = mapped_column(ForeignKey("panelist.id"), index=True)
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    panelist: Mapped[Panelist] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> SecretPath:
        """Where the link leads."""
        return path_of("panel", "panel", self.id, self.made_at)


class PanelAnswer(Base):
    """What a panelist chose for an item: `point` 0 to 4 stands for −2 to +2."""

    __tablename__ = "panel_answer"
    __table_args__ = (
        CheckConstraint("point BETWEEN 0 AND 4", "point"),
        CheckConstraint(f"length(comment) BETWEEN 1 AND {LONGEST_COMMENT}", "comment"),
    )

    panelist_id: Mapped[int] = mapped_column(ForeignKey("panelist.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    point: Mapped[int]
    comment: Mapped[str | None]
