"""Acknowledging a choice that would have hurt a patient, and saying something in own words."""

from datetime import datetime

from sqlalchemy import delete

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.inserts import insert_or_change, insert_unless_present
from lms.people.models import User
from lms.results.models import LONGEST_WORDS, Acknowledgement, OwnWords


def acknowledge(actor: User, response_id: int, *, now: datetime) -> None:
    """Note that *actor*, who may know of it, has seen that a choice was unsafe. Once is enough."""
    written = db.session.execute(
        insert_unless_present(
            Acknowledgement, response_id=response_id, user_id=actor.id, at=now
        ).returning(Acknowledgement.at)
    )
    if written.first() is not None:
        record(actor, "choice.acknowledge", "response", response_id, now=now)


def say_in_own_words(attempt_id: int, text: str, *, now: datetime) -> None:
    """Keep what the fellow of a graded attempt says of the own week; empty: nothing is said.

    The words of an hour ago that are sent again keep their hour, so that no mail has them twice.

    Raises:
        Invalid: the text is too long.
    """
    if len(text) > LONGEST_WORDS:
        raise Invalid(f"Write at most {LONGEST_WORDS} characters.", field="text")
    if not text:
        db.session.execute(delete(OwnWords).where(OwnWords.attempt_id == attempt_id))
        return
    row = {"attempt_id": attempt_id, "text": text, "written_at": now}
    said = insert_or_change(OwnWords, [row], key=("attempt_id",), where=OwnWords.text != text)
    db.session.execute(said)
