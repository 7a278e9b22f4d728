"""Cases, their immutable versions, who approved these, their items, and what they rest on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, text_enum
from lms.people.models import User

LARGEST_IMAGE = 2_000_000
"""Bytes that an image may have."""


class StoredCase(Base):
    """An authored unit. What it says stands in its versions; `current_id` is the published one.

    What the row repeats of a version is of that one, and of a proposal until there is one.
    `unfolds`: its items are asked in stages, all of them or none. `review_by` is set by an
    approval; None: nobody has said when. `fault`: why no quiz may take it, though it is
    published: what a rule has found in it since. `owner_id`: who looks after it; None: nobody
    does as yet.
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
    review_by: Mapped[date | None]
    fault: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
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
    """What a case said at a time; never changed. `body` is `question_bank`'s canonical JSON.

    One that no act has published is a proposal. `said_hash` is the same for versions that say
    the same; None: not reckoned yet. `sibling_of` repeats what `body` says of a sibling.
    `drawings` has the address of each drawing that `body` names, so that it goes on showing that
    one.
    """

    __tablename__ = "case_version"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    said_hash: Mapped[str | None]
    sibling_of: Mapped[str | None] = mapped_column(index=True)
    drawings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    change_note: Mapped[str]
    created_at: Mapped[datetime]

    case: Mapped[StoredCase] = relationship(lazy="raise_on_sql", foreign_keys=[case_id])
    approvals: Mapped[list["Approval"]] = relationship(
        lazy="raise_on_sql", order_by="Approval.id", viewonly=True
    )

    @property
    def published(self) -> "Approval | None":
        """The act that published it, the last if there are several; approvals loaded."""
        return self._last(ApprovalKind.EDITORIAL)

    @property
    def signed(self) -> "Approval | None":
        """The act by which a clinician answers for it; approvals loaded."""
        return self._last(ApprovalKind.CLINICAL)

    def _last(self, kind: "ApprovalKind") -> "Approval | None":
        return next((each for each in reversed(self.approvals) if each.kind is kind), None)


class ApprovalKind(StrEnum):
    """What an approval says: fit to be asked, or clinically right."""

    EDITORIAL = "editorial"
    CLINICAL = "clinical"


class ApprovedBy(StrEnum):
    """Whose act it was: a person's, the installation's (starter bank), or of before acts were."""

    PERSON = "person"
    INSTALLATION = "installation"
    COMMAND = "command"


class Approval(Base):
    """That somebody answers for a version. Never changed, never removed.

    An editorial one publishes; the one that came last says who answers for it. `changes_right`:
    whether what is right was changed by it, in the word of who published; None: nobody was asked,
    and it is reckoned by what the versions say.
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("(who = 'person') = (user_id IS NOT NULL)", "who_is_it"),
        CheckConstraint("kind <> 'clinical' OR who = 'person'", "clinical_by_person"),
        CheckConstraint("kind = 'editorial' OR changes_right IS NULL", "changes_right"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"), index=True)
    kind: Mapped[ApprovalKind] = mapped_column(text_enum(ApprovalKind))
    who: Mapped[ApprovedBy] = mapped_column(text_enum(ApprovedBy))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    changes_right: Mapped[bool | None]

    user: Mapped[User | None] = relationship(lazy="raise_on_sql")


class Image(Base):
    """A picture, known by the SHA-256 of its bytes, in hex. `alt` says it in words, if known.

    `width` and `height` are in its own units, None for the drawings of the starter bank.
    `added_by_id`: who brought it in; None: it came with the bank.
    """

    __tablename__ = "image"
    __table_args__ = (
        CheckConstraint("length(content_hash) = 64", "hash"),
        CheckConstraint(f"length(content) BETWEEN 1 AND {LARGEST_IMAGE}", "size"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", "measures"),
    )

    content_hash: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes]
    alt: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(default="", server_default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class Item(Base):
    """One question of a case, the same over its versions; tags repeated here for counting.

    `use` says which quizzes it is fit for: any (*scored*), *formative* ones, or *none* as yet.
    A withheld one is asked in no new quiz, and counts in none until that is lifted.
    `regrade_since`: since when its grades are to be brought in line with that; None: they are.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        CheckConstraint("use IN ('scored', 'formative', 'none')", "use"),
        CheckConstraint("(withheld_at IS NULL) = (withheld_by_id IS NULL)", "withheld"),
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
    withheld_at: Mapped[datetime | None]
    withheld_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withheld_why: Mapped[str] = mapped_column(default="", server_default="")
    regrade_since: Mapped[datetime | None]

    case: Mapped[StoredCase] = relationship(back_populates="items", lazy="raise_on_sql")


class ItemEdition(Base):
    """Which edition of an item a version asks, and what the version says of the item.

    Versions with the same `edition`, from 1, ask the same question with the same options and the
    same key: `fingerprint` tells them apart; empty where a damaged version cannot say.
    `discounted`: answers to it count no more, since it was withheld and another one mended it.
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
    discounted: Mapped[bool] = mapped_column(default=False, server_default=false())


class StoredFact(Base):
    """A clinical statement with its sources; see `question_bank.knowledge`.

    `looked_up`, `next_look`: days of its sources, noted of shipped facts alone.
    `added_by_id`: who of the program wrote it, at `added_at`; None: it is shipped. `changed_at`:
    since when it says what it says, or has its sources or state; None: since it is there.
    """

    __tablename__ = "fact"
    __table_args__ = (
        CheckConstraint("status IN ('solid', 'check')", "status"),
        CheckConstraint("(added_by_id IS NULL) = (added_at IS NULL)", "added"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    read: Mapped[str]
    statement: Mapped[str]
    sources: Mapped[Any] = mapped_column(JSON)
    looked_up: Mapped[date | None]
    next_look: Mapped[date | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]


class StoredHarm(Base):
    """An act that hurts a patient; `facts` are ids of those it rests on."""

    __tablename__ = "harm"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    harm: Mapped[str]
    why: Mapped[str]
    facts: Mapped[Any] = mapped_column(JSON)
    exceptions: Mapped[str | None]
