"""The ledger: every grade that a response was ever given, and the marks of people behind some."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, text_enum


class GradeState(StrEnum):
    """What a grade says: a credit, that a person has to mark, or that there can be none.

    *left out*: the item could not be graded. *withheld*: a person has taken it out of the score.
    """

    EARNED = "earned"
    WAITS = "waits"
    LEFT_OUT = "left_out"
    WITHHELD = "withheld"


class GradeCause(StrEnum):
    """Why a grade was given: by the workers, by a person's marks, or since its item was withheld.

    *restored*: the item counts again.
    """

    GRADED = "graded"
    MARKED = "marked"
    WITHHELD = "withheld"
    RESTORED = "restored"


UNNAMED = "unnamed"
"""The act of harm where the version of the case says what would happen, but names no act."""


def _few(state: GradeState) -> Index:
    """Return an index of the grades that say *state*, which few of all do."""
    which = text(f"state = '{state.value}'")
    name = f"ix_grade_{state.value}"
    return Index(name, "response_id", postgresql_where=which, sqlite_where=which)


def credit_of(numerator: int | None, denominator: int | None) -> Fraction | None:
    """Return a credit as it is stored; None: there is none."""
    if numerator is None or denominator is None:
        return None
    return Fraction(numerator, denominator)


class Marking(Base):
    """A rater's judgment of a response: the level chosen for each criterion, from 0.

    Appended and never changed; a grade rests on each.
    """

    __tablename__ = "marking"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    levels: Mapped[list[int]]
    note: Mapped[str]
    marked_at: Mapped[datetime]


class Grade(Base):
    """One judgment of a response, in the order of `number` from 1. Appended and never changed.

    `Response.grade_number` says which one counts. `credit` is exact, and None where the item was
    *left out*, *withheld* or *waits* for a person. `harms` are the acts by which the answer would
    have hurt the patient. It was given against `case_version_id`, by `graded_by` (None: the
    workers; of a withheld one who withheld the item) at `graded_at`; `marking_id` says on what it
    rests where a person marked.
    """

    __tablename__ = "grade"
    __table_args__ = (
        CheckConstraint("number >= 1", "number"),
        CheckConstraint("(state = 'earned') = (credit_num IS NOT NULL)", "state"),
        CheckConstraint("(credit_num IS NULL) = (credit_den IS NULL)", "credit"),
        CheckConstraint("credit_num IS NULL OR credit_num BETWEEN 0 AND credit_den", "range"),
        CheckConstraint("why <> 'marked' OR marking_id IS NOT NULL", "marked"),
        CheckConstraint("marking_id IS NULL OR why IN ('marked', 'restored')", "marks"),
        CheckConstraint("marking_id IS NULL OR graded_by IS NOT NULL", "rater"),
        Index("ix_grade_marking_id", "marking_id"),
        _few(GradeState.WAITS),
        _few(GradeState.LEFT_OUT),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[GradeState] = mapped_column(text_enum(GradeState))
    credit_num: Mapped[int | None] = mapped_column(BigInteger)
    credit_den: Mapped[int | None] = mapped_column(BigInteger)
    harms: Mapped[list[str]] = mapped_column(JSON)
    case_version_id: Mapped[int] = mapped_column(ForeignKey("case_version.id"))
    why: Mapped[GradeCause] = mapped_column(text_enum(GradeCause))
    marking_id: Mapped[int | None] = mapped_column(ForeignKey("marking.id"))
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    graded_at: Mapped[datetime]

    @property
    def credit(self) -> Fraction | None:
        """The credit earned, 0 to 1, exact."""
        return credit_of(self.credit_num, self.credit_den)
