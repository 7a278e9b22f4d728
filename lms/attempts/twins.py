"""When fellows met the twins of what they were asked: see `question_bank.first_answers`."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from lms.attempts.exposing import REACHED
from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion, StoredCase
from lms.core.db import db
from question_bank.first_answers import CaseName, are_twins

_RELATED = or_(
    CaseVersion.sibling_of.is_not(None),
    StoredCase.slug.in_(select(CaseVersion.sibling_of).where(CaseVersion.sibling_of.is_not(None))),
)
"""Whether a version names a sibling, or its case is named as one."""

_ASKS_RELATED = (
    select(Response.id)
    .join(CaseVersion, CaseVersion.id == Response.case_version_id)
    .join(StoredCase, StoredCase.id == CaseVersion.case_id)
    .where(Response.attempt_id.in_(bindparam("attempt_ids", expanding=True)), _RELATED)
    .limit(1)
)

_CHOSEN = aliased(Attempt)
"""The attempts that are asked about."""

_ASKED = (
    select(
        Attempt.fellow_id,
        Attempt.submitted_at,
        Response.attempt_id,
        Response.case_version_id,
        REACHED.label("reached"),
    )
    .select_from(Response)
    .join(Attempt, Attempt.id == Response.attempt_id)
    .where(Attempt.state != AttemptState.IN_PROGRESS)
)
"""What fellows have handed in, and whether they had reached it."""


_ASKED_OF_FELLOWS = _ASKED.where(
    Attempt.fellow_id.in_(
        select(_CHOSEN.fellow_id).where(_CHOSEN.id.in_(bindparam("attempt_ids", expanding=True)))
    )
).subquery()

_CASE = (
    _ASKED_OF_FELLOWS.c.fellow_id,
    _ASKED_OF_FELLOWS.c.attempt_id,
    _ASKED_OF_FELLOWS.c.case_version_id,
)

_REACHED_ONCE = (
    select(*_CASE, func.min(_ASKED_OF_FELLOWS.c.submitted_at).label("at"))
    .where(_ASKED_OF_FELLOWS.c.reached)
    .group_by(*_CASE)
    .subquery()
)

_MET = (
    select(_REACHED_ONCE, StoredCase.slug, CaseVersion.sibling_of)
    .join(CaseVersion, CaseVersion.id == _REACHED_ONCE.c.case_version_id)
    .join(StoredCase, StoredCase.id == CaseVersion.case_id)
    .where(_RELATED)
)
"""All that the fellows of attempts have met, once for each attempt and version."""


class _Met(NamedTuple):
    """That a fellow has handed in an answer to a case, in an attempt."""

    fellow_id: int
    attempt_id: int
    version_id: int
    at: datetime
    case: CaseName


def twins_met(attempt_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """Return when a twin of each case was first handed in, by attempt and version of the case.

    In one statement where no case has a sibling, else in two. A case whose twin the fellow has
    met in no other attempt is not in it.
    """
    chosen = set(attempt_ids)
    if db.session.scalar(_ASKS_RELATED, {"attempt_ids": list(chosen)}) is None:
        return {}
    by_fellow: dict[int, list[_Met]] = {}
    for each in _met(chosen):
        by_fellow.setdefault(each.fellow_id, []).append(each)
    found: dict[tuple[int, int], datetime] = {}
    for met in by_fellow.values():
        for one in met:
            if one.attempt_id in chosen and (moments := _moments_of_twins(one, met)):
                found[one.attempt_id, one.version_id] = min(moments)
    return found


def _moments_of_twins(one: _Met, met: Iterable[_Met]) -> list[datetime]:
    return [
        other.at
        for other in met
        if other.attempt_id != one.attempt_id and are_twins(one.case, other.case)
    ]


def _met(attempt_ids: Collection[int]) -> list[_Met]:
    return [
        _Met(fellow_id, attempt_id, version_id, at, CaseName(slug, sibling_of))
        for fellow_id, attempt_id, version_id, at, slug, sibling_of in db.session.execute(
            _MET, {"attempt_ids": list(attempt_ids)}
        )
    ]
