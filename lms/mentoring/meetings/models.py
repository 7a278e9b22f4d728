"""What is kept of a talk between a mentor and a fellow."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.people.models import User

LONGEST = 500
"""Characters of what was talked about, and of what was agreed."""


class Meeting(Base):
    """That a mentor and a fellow met on a day of the mentor's, which the mentor has noted.

    `notes` say what was talked about, for the two of them; `agreed` is what was agreed, also for
    who mentors the fellow later. Directors read that once both have shared it.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("mentor_id", "fellow_id", "met_on"),
        CheckConstraint("mentor_id <> fellow_id", "two_people"),
        CheckConstraint(f"length(notes) <= {LONGEST}", "notes"),
        CheckConstraint(f"length(agreed) <= {LONGEST}", "agreed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    met_on: Mapped[date]
    notes: Mapped[str]
    agreed: Mapped[str]
    recorded_at: Mapped[datetime]
    shared_by_mentor_at: Mapped[datetime | None]
    shared_by_fellow_at: Mapped[datetime | None]

    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])

    @property
    def shared(self) -> bool:
        """Whether both have shared what was agreed with directors."""
        return self.shared_by_mentor_at is not None and self.shared_by_fellow_at is not None
