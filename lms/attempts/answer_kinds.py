"""What kind of answer each response is: a first one, a repeat, or not reached."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import FromClause, ScalarSelect, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from lms.attempts.exposing import ANSWERED_AT, ASKS, REACHED
from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.twins import twins_met
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from question_bank.first_answers import AnswerKind, kind_of

_ANSWERS = (
    select(
        Response.id,
        Response.attempt_id,
        Attempt.fellow_id,
        Response.item_id,
        Response.case_version_id,
        ItemEdition.edition,
        case((REACHED, ANSWERED_AT)).label("answered_at"),
    )
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .join(ItemEdition, ASKS)
    .where(Attempt.state != AttemptState.IN_PROGRESS)
)
"""What was handed in, and when each item was answered; none: it was not reached."""

_BEFORE, _ASKED = aliased(Attempt), aliased(Response)
"""An attempt that was handed in earlier, and what it asked."""


def _asked_at(answers: FromClause) -> ScalarSelect[datetime | None]:
    """Return when the fellow of each of *answers* last handed in an answer to the same before."""
    return (
        select(func.max(_BEFORE.submitted_at))
        .join(_ASKED, _ASKED.attempt_id == _BEFORE.id)
        .join(
            ItemEdition,
            and_(
                ItemEdition.item_id == _ASKED.item_id,
                ItemEdition.case_version_id == _ASKED.case_version_id,
            ),
        )
        .where(
            _BEFORE.fellow_id == answers.c.fellow_id,
            _BEFORE.id != answers.c.attempt_id,
            _BEFORE.submitted_at <= answers.c.answered_at,
            _ASKED.item_id == answers.c.item_id,
            ItemEdition.edition == answers.c.edition,
        )
        .correlate(answers)
        .scalar_subquery()
    )


_CHOSEN = _ANSWERS.where(Attempt.id.in_(bindparam("attempt_ids", expanding=True))).subquery()

_MET = (
    select(
        _CHOSEN.c.id,
        _CHOSEN.c.attempt_id,
        _CHOSEN.c.case_version_id,
        _CHOSEN.c.answered_at,
        Exposure.response_id,
        KeyOpening.key_at,
        _asked_at(_CHOSEN),
    )
    .select_from(_CHOSEN)
    .join(
        Exposure,
        and_(
            Exposure.fellow_id == _CHOSEN.c.fellow_id,
            Exposure.item_id == _CHOSEN.c.item_id,
            Exposure.edition == _CHOSEN.c.edition,
        ),
    )
    .outerjoin(KeyOpening, KEY_OPENS)
)
"""The answers of some attempts, each with what its fellow had met of the item."""


def kinds_of(attempt_ids: Iterable[int]) -> dict[int, AnswerKind]:
    """Return the kind of each response of handed-in attempts, by its id, in three statements.

    See `question_bank.first_answers`; nothing else says of a stored response what it is.
    """
    chosen = list(attempt_ids)
    twins = twins_met(chosen)
    return {
        response_id: kind_of(
            answered_at,
            first=first_id == response_id,
            seen_at=_seen(answered_at, key_at, asked),
            twin_at=twins.get((attempt_id, version_id)),
        )
        for response_id, attempt_id, version_id, answered_at, first_id, key_at, asked in (
            db.session.execute(_MET, {"attempt_ids": chosen})
        )
    }


def _seen(
    answered_at: datetime | None, key_at: datetime | None, asked_at: datetime | None
) -> datetime | None:
    """Return when the fellow last met the item or its key before it was answered."""
    moments = (key_at, asked_at)
    return max(
        (each for each in moments if each and answered_at and each <= answered_at), default=None
    )
