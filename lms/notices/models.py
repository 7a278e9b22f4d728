"""Which mails a person wants."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class MailPreference(Base):
    """Whether a person wants mails of a kind. No row: wanted."""

    __tablename__ = "mail_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]
    changed_at: Mapped[datetime]
