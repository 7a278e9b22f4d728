"""Acknowledging a choice that would have hurt a patient."""

from datetime import datetime

from lms.core.audit import record
from lms.core.db import db
from lms.core.inserts import insert_unless_present
from lms.people.models import User
from lms.results.models import Acknowledgement


def acknowledge(actor: User, response_id: int, *, now: datetime) -> None:
    """Note that *actor*, who may know of it, has seen that a choice was unsafe. Once is enough."""
    written = db.session.execute(
        insert_unless_present(
            Acknowledgement, response_id=response_id, user_id=actor.id, at=now
        ).returning(Acknowledgement.at)
    )
    if written.first() is not None:
        record(actor, "choice.acknowledge", "response", response_id, now=now)
