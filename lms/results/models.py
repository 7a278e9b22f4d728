"""That an unsafe choice was acknowledged."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Acknowledgement(Base):
    """That a person has seen that the choice in a response would have hurt the patient.

    The fellow has read why; a mentor has talked about it, and that ends it as a reason for a word.
    """

    __tablename__ = "acknowledgement"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    at: Mapped[datetime]
