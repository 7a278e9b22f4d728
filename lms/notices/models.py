"""What people were told, and which mails they want."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Notice(Base):
    """That a person was told something, once for each fact.

    `object_type` and `object_id` say what it is about, `key` is that of the message that told it.
    `path` is where on the site it leads; None: nowhere. `seen_at` is when the person first opened
    the page about it; None: not that we know.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str | None]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), unique=True)


class MailPreference(Base):
    """Whether a person wants mails of a kind. No row: wanted."""

    __tablename__ = "mail_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]
    changed_at: Mapped[datetime]
