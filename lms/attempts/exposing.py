"""What attempts that are over expose fellows to: the items they asked, and later their keys."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.attempts.release import keys_open
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Edition, Exposure, KeyOpening
from lms.exposure.services import note_asked, open_keys, point_to
from lms.people.locking import lock_people
from lms.people.models import User

ASKS = and_(
    ItemEdition.item_id == Response.item_id,
    ItemEdition.case_version_id == Response.case_version_id,
)
"""Joins to a response the edition of the item that it answers."""

_LAST_ANSWERED = func.max(case((Response.answer.is_not(None), Response.position))).over(
    partition_by=Response.attempt_id
)

REACHED = and_(
    Attempt.state != AttemptState.ABANDONED,
    or_(
        Attempt.submitted_by == SubmittedBy.FELLOW,
        Response.answer.is_not(None),
        Response.position < _LAST_ANSWERED,
    ),
)
"""Whether a response of an attempt that is over is an answer, be it a blank one; if the attempt
is abandoned, none is.
"""

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
        case((REACHED, Response.id)).label("response_id"),
        case((REACHED, ANSWERED_AT)).label("answered_at"),
        Attempt.id.label("attempt_id"),
    )
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .join(ItemEdition, ASKS)
    .where(Attempt.state != AttemptState.IN_PROGRESS)
    .order_by(Response.item_id)
)
"""What attempts that are over have asked, in the columns that `note_asked` takes."""

_ASKED_BY = _ASKED.where(Attempt.id == bindparam("of_attempt"))

_EDITION = tuple_(Exposure.fellow_id, Exposure.item_id, Exposure.edition)

_OWN = aliased(KeyOpening)
"""The opening of an attempt, be it the one that counts for what it asked or not."""

_FELLOWS: BindParameter[int] = bindparam("of_fellows", expanding=True)

_ANSWERED = (
    select(
        Attempt.id,
        Attempt.fellow_id,
        Attempt.assignment_id,
        Attempt.state,
        Response.item_id,
        ItemEdition.edition,
    )
    .join(Response, Response.attempt_id == Attempt.id)
    .join(ItemEdition, ASKS)
    .where(Attempt.fellow_id.in_(_FELLOWS))
    .cte("answered")
    .prefix_with("MATERIALIZED")
)
"""What the attempts of fellows have asked. By itself, or SQLite would go through everybody's."""

_ASKED_IN = (
    select(
        Exposure.fellow_id,
        Exposure.item_id,
        Exposure.edition,
        Exposure.key_in_id,
        _ANSWERED.c.id,
        _ANSWERED.c.assignment_id,
        _ANSWERED.c.state,
        _OWN.key_at,
    )
    .outerjoin(KeyOpening, KEY_OPENS)
    .join(
        _ANSWERED,
        and_(
            _ANSWERED.c.fellow_id == Exposure.fellow_id,
            _ANSWERED.c.item_id == Exposure.item_id,
            _ANSWERED.c.edition == Exposure.edition,
        ),
    )
    .outerjoin(_OWN, _OWN.attempt_id == _ANSWERED.c.id)
    .where(
        Exposure.fellow_id.in_(_FELLOWS),
        or_(KeyOpening.key_at.is_(None), KeyOpening.key_at > bindparam("moment")),
    )
)
"""Which attempts have asked fellows what they were exposed to and can not read the key of yet, and
when the keys of each open.
"""


def expose(attempt_id: int) -> None:
    """Note what an attempt that is over has asked its fellow."""
    note_asked(_ASKED_BY, {"of_attempt": attempt_id})


def choose_firsts(attempt_id: int) -> None:
    """Choose anew which answers are first, of all that are handed in to what an attempt asked.

    For an attempt that is handed in again: what was its answer before may not be one any more, or
    be given later than one in another attempt, or when the key could be read.
    """
    noted = and_(
        Exposure.fellow_id == Attempt.fellow_id,
        Exposure.item_id == Response.item_id,
        Exposure.edition == ItemEdition.edition,
    )
    held = db.session.execute(  # so that what others hand in meanwhile is seen, or sees this
        select(Exposure.fellow_id, Exposure.item_id, Exposure.edition)
        .select_from(Response)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(ItemEdition, ASKS)
        .join(Exposure, noted)
        .where(Attempt.id == attempt_id)
        .order_by(Exposure.item_id)
        .with_for_update(of=Exposure, key_share=True)
    ).all()
    best = _best({fellow_id for fellow_id, *_ in held}).subquery()
    db.session.execute(
        update(Exposure)
        .where(
            _EDITION.in_([tuple(edition) for edition in held]),
            tuple_(best.c.fellow_id, best.c.item_id, best.c.edition) == _EDITION,
            best.c.place == 1,
        )
        .values(response_id=best.c.response_id, answered_at=best.c.answered_at)
        .execution_options(synchronize_session=False)
    )


def _best(fellow_ids: Collection[int]) -> Select[Any]:
    """Return the answers that fellows gave in time, with the place of each; none: a row of NULL."""
    answers = _ASKED.where(Attempt.fellow_id.in_(fellow_ids)).subquery()
    in_time = or_(KeyOpening.key_at.is_(None), answers.c.answered_at < KeyOpening.key_at)
    edition = tuple_(answers.c.fellow_id, answers.c.item_id, answers.c.edition)
    place = func.row_number().over(
        partition_by=(Exposure.fellow_id, Exposure.item_id, Exposure.edition),
        order_by=(answers.c.answered_at, answers.c.response_id),
    )
    return (
        select(
            Exposure.fellow_id,
            Exposure.item_id,
            Exposure.edition,
            answers.c.response_id,
            answers.c.answered_at,
            place.label("place"),
        )
        .outerjoin(KeyOpening, KEY_OPENS)
        .outerjoin(answers, and_(edition == _EDITION, answers.c.response_id.is_not(None), in_time))
        .where(Exposure.fellow_id.in_(fellow_ids))
    )


def settle_keys(fellow_ids: Iterable[int], *, now: datetime) -> None:
    """Note from when on the terms let fellows read the keys of what they were asked.

    Of several attempts that asked the same, the one whose keys open first counts; of one that is
    neither graded nor abandoned nothing is settled. What is past stands. To be called
    whenever an attempt is graded or abandoned, or terms change.
    """
    fellows = list(fellow_ids)
    lock_people(User.id.in_(fellows))  # what is graded meanwhile may ask the same
    asked = db.session.execute(_ASKED_IN, {"of_fellows": fellows, "moment": now}).all()
    over = {
        row.id: (row.assignment_id, row.fellow_id)
        for row in asked
        if row.state in (AttemptState.GRADED, AttemptState.ABANDONED)
    }
    by_pair = keys_open(over.values())
    opening = {one: by_pair[pair] for one, pair in over.items() if pair in by_pair}
    opening |= {row.id: row.key_at for row in asked if row.key_at and row.key_at <= now}
    changed = {row.id: opening.get(row.id) for row in asked if opening.get(row.id) != row.key_at}
    open_keys(changed, now=now)
    point_to(_earlier(asked, opening))


def _earlier(
    asked: Iterable[Row[*tuple[Any, ...]]], opening: Mapping[int, datetime]
) -> dict[Edition, int]:
    """Return of what was *asked* which attempt opens the key before the one noted as yet."""
    found: dict[Edition, int] = {}
    for row in asked:
        edition = (row.fellow_id, row.item_id, row.edition)
        noted = opening.get(found.get(edition, row.key_in_id))
        here = opening.get(row.id)
        if here is not None and (noted is None or here < noted):
            found[edition] = row.id
    return found
