"""What handed-in attempts expose fellows to: the items they asked, and later their keys."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.attempts.release import keys_open
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import Exposure
from lms.exposure.services import Edition, note_asked, open_keys

ASKS = and_(
    ItemEdition.item_id == Response.item_id,
    ItemEdition.case_version_id == Response.case_version_id,
)
"""Joins to a response the edition of the item that it answers."""

_LAST_ANSWERED = func.max(case((Response.answer.is_not(None), Response.position))).over(
    partition_by=Response.attempt_id
)

REACHED = or_(
    Attempt.submitted_by == SubmittedBy.FELLOW,
    Response.answer.is_not(None),
    Response.position < _LAST_ANSWERED,
)
"""Whether a response of a handed-in attempt is an answer, be it a blank one."""

ANSWERED_AT = case(
    (Response.answer.is_not(None), func.coalesce(Response.saved_at, Attempt.submitted_at)),
    else_=Attempt.submitted_at,
)
"""When a response that was reached was given: see `question_bank.first_answers.moments_of`."""

_ASKED = (
    select(
        Attempt.fellow_id,
        Response.item_id,
        ItemEdition.edition,
        Attempt.started_at,
        case((REACHED, Response.id)),
        case((REACHED, ANSWERED_AT)),
    )
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .join(ItemEdition, ASKS)
    .where(Attempt.state != AttemptState.IN_PROGRESS)
    .order_by(Response.item_id)
)
"""What handed-in attempts have asked, in the columns that `note_asked` takes."""

_ASKED_IN = (
    select(Exposure.fellow_id, Exposure.item_id, Exposure.edition, Attempt.assignment_id)
    .join(Attempt, Attempt.fellow_id == Exposure.fellow_id)
    .join(Response, and_(Response.attempt_id == Attempt.id, Response.item_id == Exposure.item_id))
    .join(ItemEdition, and_(ASKS, ItemEdition.edition == Exposure.edition))
    .where(Attempt.state == AttemptState.GRADED)
    .distinct()
)
"""Which assignments have asked fellows what, and have shown them, or will show them, its key."""


def expose(attempt_id: int) -> None:
    """Note what a handed-in attempt has asked its fellow."""
    note_asked(_ASKED.where(Attempt.id == attempt_id))


def settle_keys(fellow_ids: Iterable[int], *, now: datetime) -> None:
    """Note from when on the terms let fellows read the keys of what they were asked.

    Of several assignments that asked the same, the one whose keys open first counts. What is past
    stands. To be called whenever an attempt is graded, or terms change.
    """
    not_past = or_(Exposure.key_at.is_(None), Exposure.key_at > now)
    query = _ASKED_IN.where(Exposure.fellow_id.in_(list(fellow_ids)), not_past)
    asked_in: dict[Edition, list[int]] = {}
    for fellow_id, item_id, edition, assignment_id in db.session.execute(query):
        asked_in.setdefault((fellow_id, item_id, edition), []).append(assignment_id)
    opening = keys_open({(one, key[0]) for key, found in asked_in.items() for one in found})
    open_keys({key: _earliest(key[0], found, opening) for key, found in asked_in.items()}, now=now)


def _earliest(
    fellow_id: int, assignment_ids: Iterable[int], opening: Mapping[tuple[int, int], datetime]
) -> tuple[datetime, int] | None:
    settled = [
        (opening[one, fellow_id], one) for one in assignment_ids if (one, fellow_id) in opening
    ]
    return min(settled, default=None)
