"""What a search knows of each case and draft.

The indexes on its words are no part of the models: a table of FTS5 with triggers on SQLite, two
columns that PostgreSQL makes and indexes itself. The migration that made the table made them.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, text_enum


class Layer(StrEnum):
    """What an entry was made from: what a case says, what is proposed of it, or a draft."""

    IN_USE = "in_use"
    PROPOSED = "proposed"
    DRAFT = "draft"


class SearchEntry(Base):
    """What one version of a case, or one draft, says: where its words are looked for.

    `places` are the name and text of each place, in order. `open_words` are those of title and
    tags, `all_words` all, both folded. `tags` are facets and values, a space between two.
    `draft_id` is a draft's, `version_id` a version's; a draft of no case as yet has no `case_id`.
    `made_as` is the edition of the rules by which it was made.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("case_id", "layer"),
        CheckConstraint("(layer = 'draft') = (draft_id IS NOT NULL)", "of_draft"),
        CheckConstraint("(layer = 'draft') = (version_id IS NULL)", "of_version"),
        CheckConstraint("draft_id IS NOT NULL OR case_id IS NOT NULL", "of_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[Layer] = mapped_column(text_enum(Layer))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("case_version.id"), unique=True)
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    title: Mapped[str]
    tags: Mapped[str]
    places: Mapped[Any] = mapped_column(JSON)
    open_words: Mapped[str]
    all_words: Mapped[str]
    made_as: Mapped[int]


class SearchSketch(Base):
    """One of the numbers by which the cases are found that tell nearly what a version tells.

    `number` is of `question_bank.rules.telling`; entries of drafts have none.
    """

    __tablename__ = "search_sketch"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("search_entry.id"), primary_key=True, index=True
    )
