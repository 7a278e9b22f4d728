"""That a digest asked its mentor for a word with a fellow."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, text_enum
from lms.core.links import SecretPath, path_of
from lms.people.models import User

OPEN_FOR = timedelta(days=30)
"""How long after it was asked a prompt can be answered from the mail."""

LONGEST_REASON = 300
"""Characters of the reason why no word is needed."""


class PromptAnswer(StrEnum):
    """What a mentor did about a prompt."""

    TALKED = "talked"
    GOAL = "goal"
    NOT_NEEDED = "not_needed"


class Prompt(Base):
    """That the digest of a week asked a mentor for a word with a fellow, and the answer to that.

    `choices` are the responses of the unsafe choices that it named. `reason` says why no word was
    needed, `meeting_id` is the talk that answered it. The secret of its link lets who knows it
    answer this prompt for this mentor, and nothing else.
    """

    __tablename__ = "prompt"
    __table_args__ = (
        UniqueConstraint("mentor_id", "fellow_id", "week"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered"),
        CheckConstraint(
            "(reason IS NOT NULL) = (answer IS NOT NULL AND answer = 'not_needed')", "reason"
        ),
        CheckConstraint(f"length(reason) <= {LONGEST_REASON}", "reason_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    fellow_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    week: Mapped[str]
    asked_at: Mapped[datetime]
    choices: Mapped[list[int]] = mapped_column(JSON)
    answer: Mapped[PromptAnswer | None] = mapped_column(text_enum(PromptAnswer))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))

    mentor: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[mentor_id])
    fellow: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[fellow_id])

    @property
    def path(self) -> SecretPath:
        """Where it is answered without signing in."""
        return path_of("act", "act on a digest", self.id, self.asked_at)

    @property
    def open_until(self) -> datetime:
        """From when on its link neither answers it nor says how it was answered."""
        return self.asked_at + OPEN_FOR
