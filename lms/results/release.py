"""From when on the keys of one attempt are released to its fellow."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.attempts.release import foreseen
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from question_bank.terms import Terms

_OPENED = (
    select(func.count(), func.count(KeyOpening.key_at), func.max(KeyOpening.key_at))
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .join(ItemEdition, ASKS)
    .outerjoin(
        Exposure,
        and_(
            Exposure.fellow_id == Attempt.fellow_id,
            Exposure.item_id == ItemEdition.item_id,
            Exposure.edition == ItemEdition.edition,
        ),
    )
    .outerjoin(KeyOpening, KEY_OPENS)
    .where(Response.attempt_id == bindparam("of_attempt"))
)
"""How many keys an attempt asked for, how many of them have a moment to open, and the last one."""


def release_of(attempt: Attempt, *, now: datetime) -> tuple[Terms, datetime | None]:
    """Return the terms of an attempt's fellow, and from when on its keys are released.

    What is released stays so, whatever the terms are by *now*: a key is taken back from nobody.
    None: it cannot be foreseen. Four statements.
    """
    terms, opens = foreseen(attempt)
    return terms, _opened(attempt, now) or opens


def _opened(attempt: Attempt, now: datetime) -> datetime | None:
    """Return since when all keys that an attempt asked for are open; None: one is not by *now*."""
    asked, opened, last = db.session.execute(_OPENED, {"of_attempt": attempt.id}).one()
    return last if asked == opened and last is not None and last <= now else None
