"""When each task that beat rings for was last done, so that somebody notices if none is."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, db
from lms.core.inserts import insert_or_change


class Sweep(Base):
    """A task that beat rings for, by its name, and when it was last done."""

    __tablename__ = "sweep"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]


def note_sweep(name: str, *, now: datetime) -> None:
    """Note that a sweep was done."""
    row = {"name": name, "done_at": now}
    db.session.execute(insert_or_change(Sweep, [row], key=["name"]))


def last_sweeps() -> dict[str, datetime]:
    """Return when each sweep was last done, by name; those that never were are left out."""
    return {row.name: row.done_at for row in db.session.execute(select(Sweep.name, Sweep.done_at))}
