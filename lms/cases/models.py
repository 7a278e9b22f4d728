"""Cases, their immutable versions, and their items."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base


class StoredCase(Base):
    """An authored unit. What it says stands in its versions; `current_id` is the one in use.

    `unfolds`: its items are asked in stages, all of them or none.
    """

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    topic: Mapped[str] = mapped_column(index=True)
    approach: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    tracks: Mapped[str]
    unfolds: Mapped[bool] = mapped_column(default=False)
    clinical_review: Mapped[str]
    review_by: Mapped[date]
    current_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_version.id", use_alter=True, name="fk_case_current_id_case_version")
    )
    retired_at: Mapped[datetime | None]

    current: Mapped["CaseVersion | None"] = relationship(
        lazy="raise_on_sql", foreign_keys=[current_id], post_update=True
    )
    items: Mapped[list["Item"]] = relationship(
        back_populates="case", lazy="raise_on_sql", order_by="Item.position"
    )

    @property
    def track_slugs(self) -> tuple[str, ...]:
        """The tracks the case is written for."""
        return tuple(self.tracks.split())


class CaseVersion(Base):
    """What a case said at a time; never changed. `body` is `question_bank`'s canonical JSON."""

    __tablename__ = "case_version"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        UniqueConstraint("case_id", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    change_note: Mapped[str]
    created_at: Mapped[datetime]

    case: Mapped[StoredCase] = relationship(lazy="raise_on_sql", foreign_keys=[case_id])


class Item(Base):
    """One question of a case, the same over its versions; tags repeated here for counting.

    `use` says which quizzes it is fit for: any (*scored*), *formative* ones, or *none* as yet.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        CheckConstraint("use IN ('scored', 'formative', 'none')", "use"),
        Index("ix_item_tags", "approach", "topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    key: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str]
    use: Mapped[str] = mapped_column(default="scored")
    topic: Mapped[str]
    approach: Mapped[str]
    condition: Mapped[str | None]
    level: Mapped[str]
    retired_at: Mapped[datetime | None]

    case: Mapped[StoredCase] = relationship(back_populates="items", lazy="raise_on_sql")


class ItemEdition(Base):
    """Which edition of an item a version asks, and what the version says of the item.

    Versions with the same `edition`, from 1, ask the same question with the same options and the
    same key: `fingerprint` tells them apart; empty where a damaged version cannot say.
    """

    __tablename__ = "item_edition"
    __table_args__ = (
        CheckConstraint("edition >= 1", "edition"),
        Index("ix_item_edition_version", "case_version_id"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"), primary_key=True)
    edition: Mapped[int]
    kind: Mapped[str]
    level: Mapped[str]
    topic: Mapped[str]
    condition: Mapped[str | None]
    fingerprint: Mapped[str]
