"""What repeats said: they are told apart, and enter no share, interval or verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import and_, select

from lms.attempts.answer_kinds import kinds_of
from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.results.withheld import readings
from question_bank.first_answers import AnswerKind
from question_bank.scoring import Tally

NONE = Tally(Fraction(0), 0)

_TOLD = (AnswerKind.AGAIN, AnswerKind.RETENTION)

_GRADED = (
    select(
        Response.id,
        Response.attempt_id,
        Attempt.fellow_id,
        Response.item_id,
        ItemEdition.edition,
        Grade.credit_num,
        Grade.credit_den,
        KeyOpening.key_at,
    )
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .join(ItemEdition, ASKS)
    .join(Grade, COUNTS)
    .join(
        Exposure,
        and_(
            Exposure.fellow_id == Attempt.fellow_id,
            Exposure.item_id == Response.item_id,
            Exposure.edition == ItemEdition.edition,
        ),
    )
    .outerjoin(KeyOpening, KEY_OPENS)
    .where(Grade.state == GradeState.EARNED, ~Response.formative)
)


@dataclass(frozen=True)
class Repeats:
    """What the repeats of an attempt came to: soon *again*, or *later*, after three months."""

    again: Tally = NONE
    later: Tally = NONE


NO_REPEATS = Repeats()


def repeats_in(
    attempt_ids: Sequence[int], fellow_id: int, *, now: datetime, own: bool
) -> dict[int, Repeats]:
    """Return what the repeats in a fellow's attempts came to, by attempt, if there are any.

    Where it is the fellow who reads, *own*, only those whose key the fellow can read *now*.
    """
    kinds = kinds_of(attempt_ids)
    repeats = {each: kind for each, kind in kinds.items() if kind in _TOLD}
    if not repeats:
        return {}
    told = readings([fellow_id], now=now) if own else {}
    found: dict[int, Repeats] = {}
    for row in db.session.execute(_GRADED.where(Response.id.in_(list(repeats)))):
        key_at = told.get((fellow_id, row.item_id, row.edition), row.key_at)
        if own and (key_at is None or key_at > now):
            continue
        one = Tally(Fraction(row.credit_num, row.credit_den), 1)
        before = found.get(row.attempt_id, NO_REPEATS)
        found[row.attempt_id] = (
            Repeats(before.again + one, before.later)
            if repeats[row.id] is AnswerKind.AGAIN
            else Repeats(before.again, before.later + one)
        )
    return found
