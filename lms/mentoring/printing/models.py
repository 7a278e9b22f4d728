"""What is kept of a PDF."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, text_enum


class PrintoutKind(StrEnum):
    """What of a fellow is on paper.

    The report, as a mentor or director reads it; the progress, as the fellow does; or what
    prepares a mentor's meeting with the fellow.
    """

    REPORT = "report"
    PROGRESS = "progress"
    PREPARATION = "preparation"


class Printout(Base):
    """A PDF about a fellow that a job makes for its owner, and that nobody else can fetch.

    Who asks for the same anew has the newest only. Without `made_at` the job has not made it yet.
    """

    __tablename__ = "printout"
    __table_args__ = (
        UniqueConstraint("owner_id", "fellow_id", "kind"),
        CheckConstraint("(made_at IS NULL) = (pdf IS NULL)", "made"),
    )

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[PrintoutKind] = mapped_column(text_enum(PrintoutKind))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
