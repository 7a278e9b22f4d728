"""Which keys of one attempt are released to its fellow, and from when on all of them are."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.attempts.release import foreseen, keys_open
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.results.withheld import readings
from question_bank.terms import Terms

_OF_ATTEMPT = (
    select()
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
"""What an attempt asked for, with the moment its key opens."""

_OPENED = _OF_ATTEMPT.with_only_columns(
    func.count(), func.count(KeyOpening.key_at), func.max(KeyOpening.key_at)
)
"""How many keys an attempt asked for, how many of them have a moment to open, and the last one."""

_KEYS = _OF_ATTEMPT.with_only_columns(Response.position, ItemEdition.item_id, ItemEdition.edition)


def release_of(attempt: Attempt, *, now: datetime) -> tuple[Terms, datetime | None]:
    """Return the terms of an attempt's fellow, and from when on its keys are released.

    What is released stays so, whatever the terms are by *now*: a key is taken back from nobody.
    None: it cannot be foreseen. Two statements.
    """
    terms, opens = foreseen(attempt)
    return terms, _opened(attempt, now) or opens


def readable_in(attempt: Attempt, *, told_to: int, now: datetime) -> frozenset[int]:
    """Return at which positions of an attempt *told_to*, not its fellow, can read the key by *now*.

    That is once the fellow can, whatever accommodation the fellow has. Each is judged for itself,
    whichever attempt has let it be read. A fixed number of statements.
    """
    pair = (attempt.assignment_id, attempt.fellow_id)
    several = readings([attempt.fellow_id], now=now, told_to=told_to)
    to_others = keys_open([pair], to_others=True).get(pair)
    found: set[int] = set()
    for position, item_id, edition in db.session.execute(_KEYS, {"of_attempt": attempt.id}):
        opens = several.get((attempt.fellow_id, item_id, edition), to_others)
        if opens is not None and opens <= now:
            found.add(position)
    return frozenset(found)


def _opened(attempt: Attempt, now: datetime) -> datetime | None:
    """Return since when all keys that an attempt asked for are open; None: one is not by *now*."""
    asked, opened, last = db.session.execute(_OPENED, {"of_attempt": attempt.id}).one()
    return last if asked == opened and last is not None and last <= now else None
