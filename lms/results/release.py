"""From when on the keys of one attempt are released to its fellow."""

from datetime import datetime

from sqlalchemy import and_, func, select

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.attempts.release import foreseen
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from question_bank.terms import Terms


def release_of(attempt: Attempt, *, now: datetime) -> tuple[Terms, datetime | None]:
    """Return the terms of an attempt's fellow, and from when on its keys are released.

    What is released stays so, whatever the terms are by *now*: a key is taken back from nobody.
    None: it cannot be foreseen. Four statements.
    """
    terms, opens = foreseen(attempt)
    return terms, _opened(attempt, now) or opens


def _opened(attempt: Attempt, now: datetime) -> datetime | None:
    """Return since when all keys that an attempt asked for are open; None: one is not by *now*."""
    exposed = and_(
        Exposure.fellow_id == attempt.fellow_id,
        Exposure.item_id == ItemEdition.item_id,
        Exposure.edition == ItemEdition.edition,
    )
    asked, opened, last = db.session.execute(
        select(func.count(), func.count(KeyOpening.key_at), func.max(KeyOpening.key_at))
        .select_from(Response)
        .join(ItemEdition, ASKS)
        .outerjoin(Exposure, exposed)
        .outerjoin(KeyOpening, KEY_OPENS)
        .where(Response.attempt_id == attempt.id)
    ).one()
    return last if asked == opened and last is not None and last <= now else None
