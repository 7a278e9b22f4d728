"""That an unsafe choice was acknowledged, and what fellows say in own words."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base

LONGEST_WORDS = 280
"""Characters that a fellow has for own words: two lines."""


class Acknowledgement(Base):
    """That a person has seen that the choice in a response would have hurt the patient.

    The fellow has read why; a mentor has talked about it, and that ends it as a reason for a word.
    """

    __tablename__ = "acknowledgement"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    at: Mapped[datetime]


class OwnWords(Base):
    """What a fellow says of the own week on the result of an attempt, for mentors of that day."""

    __tablename__ = "own_words"
    __table_args__ = (CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST_WORDS}", "length"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    text: Mapped[str]
    written_at: Mapped[datetime]
