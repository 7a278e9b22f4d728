"""The addresses at which calendars are read."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base
from lms.core.links import SecretPath, path_of


class CalendarLink(Base):
    """The secret address at which calendar programs read what is due for a fellow.

    Whoever knows it reads that, without signing in. Made anew, another one is good and the one
    of before is not.
    """

    __tablename__ = "calendar_link"

    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    made_at: Mapped[datetime]

    @property
    def path(self) -> SecretPath:
        """Where it is, but for the ending of its file."""
        return path_of("calendar", "calendar", self.fellow_id, self.made_at)
