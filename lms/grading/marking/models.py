"""Marks: appended and never changed; the newest counts."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Marking(Base):
    """A rater's judgment of a response: the level chosen for each criterion, from 0."""

    __tablename__ = "mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    levels: Mapped[list[int]]
    note: Mapped[str]
    marked_at: Mapped[datetime]
