"""What is kept of a job."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, text_enum
from lms.people.models import Role


class JobKind(StrEnum):
    """What a job does."""

    IMPORT = "import"
    LOAD = "load"
    PRINT = "print"


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """Work that is carried out step by step, each in a transaction that also notes it.

    `owner_id` has asked for it. Who holds the role `shown_to` may see it; if that is None, who has
    asked may. `given` is what it works on; both it and `report` are None once they are forgotten.
    `step` is the next one, `begun_at` when it was begun, `moved_at` when the job last came on.
    `progress` is 0 to 1, `setbacks` how often that step was begun and given back.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 1", "progress"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", "ended"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", "error"),
        CheckConstraint("state <> 'done' OR progress = 1", "done"),
        CheckConstraint("begun_at IS NULL OR state = 'running'", "begun"),
        CheckConstraint("owner_id IS NOT NULL OR shown_to IS NOT NULL", "seen"),
        Index("ix_job_state", "state", "moved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(text_enum(JobKind))
    state: Mapped[JobState] = mapped_column(text_enum(JobState), default=JobState.WAITING)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    shown_to: Mapped[Role | None] = mapped_column(text_enum(Role))
    given: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    step: Mapped[int] = mapped_column(default=0)
    setbacks: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(default=0.0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None]
    asked_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
