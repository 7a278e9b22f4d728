"""What answers earn: the word of each item's type, kept for whoever answers the same."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import Row, select

from lms.attempts.models import Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.cases.withholding import is_out
from lms.core.audit import record
from lms.core.db import db
from lms.core.logs import log_after_commit
from lms.grading.models import UNNAMED, GradeState
from question_bank.items.base import ReviewLine
from question_bank.shapes import SLUG

KEPT = 4096
"""How many judgments a process keeps; then it begins anew."""

LONGEST_KEPT = 200
"""Characters of an answer above which hardly anybody gives the same."""

AskedRow = Row[*tuple[Any, ...]]
"""A row of `ASKED`."""

ASKED = (
    select(
        Response.attempt_id,
        Response.id,
        Response.grade_number,
        Response.answer,
        Response.case_version_id,
        Response.item_id,
        Response.points,
        Response.approach,
        Response.topic,
        Item.key,
        CaseVersion.content_hash,
        is_out(Response.case_version_id).label("is_out"),
        Item.withheld_by_id,
    )
    .join(Response.item)
    .join(CaseVersion, CaseVersion.id == Response.case_version_id)
    .order_by(Response.attempt_id, Response.position)
)
"""What grading needs of responses, by columns: objects would cost more than the grading."""


class Judgment(NamedTuple):
    """What is to be said of an answer; `harms` are the acts that harm, each once."""

    state: GradeState
    credit: Fraction | None
    harms: tuple[str, ...]


_WITHHELD = Judgment(GradeState.WITHHELD, None, ())
_LEFT_OUT = Judgment(GradeState.LEFT_OUT, None, ())

_Given = tuple[str, str, str]
"""What tells judgments apart: what the case says, the item's key in it, and the answer."""

_kept: dict[_Given, Judgment] = {}


def judge(rows: Sequence[AskedRow], *, now: datetime) -> dict[int, Judgment]:
    """Return what is to be said of answers, rows of `ASKED`, by the ids of the responses.

    One is withheld if its item is, left out if that is broken, and waits where a person has to
    mark it. What the case says is read only where nobody gave the answer before: one statement.
    """
    asked = [(row, _given(row)) for row in rows]
    found = {row.id: _WITHHELD if row.is_out else _kept.get(given) for row, given in asked}
    unknown = {row.case_version_id for row in rows if found[row.id] is None}
    versions = _versions(unknown) if unknown else {}
    return {row.id: found[row.id] or _judged(row, given, versions, now) for row, given in asked}


def _given(row: AskedRow) -> _Given:
    return row.content_hash, row.key, json.dumps(row.answer)


def _versions(version_ids: Collection[int]) -> dict[int, CaseVersion]:
    found = db.session.scalars(select(CaseVersion).where(CaseVersion.id.in_(version_ids)))
    return {version.id: version for version in found}


def _judged(
    row: AskedRow, given: _Given, versions: Mapping[int, CaseVersion], now: datetime
) -> Judgment:
    if given in _kept:  # by an answer a moment ago
        return _kept[given]
    version = versions[row.case_version_id]
    try:
        judgment = _of_type(version, row)
    except (SoftTimeLimitExceeded, MemoryError):  # the worker's trouble, not the item's
        raise
    except Exception as error:
        _say_left_out(row, version, error, now)
        return _LEFT_OUT
    if len(given[-1]) <= LONGEST_KEPT:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[given] = judgment
    return judgment


def _of_type(version: CaseVersion, row: AskedRow) -> Judgment:
    item = item_of(parsed(version), row.key)
    answer = item.parse_answer(row.answer)
    credit = item.credit_for(answer)
    state = GradeState.WAITS if credit is None else GradeState.EARNED
    return Judgment(state, credit, _acts(item.harms(answer)))


def _acts(harmful: Iterable[ReviewLine]) -> tuple[str, ...]:
    """Return the acts that harm by their ids; older versions say a harm in words."""
    said = {line.harm for line in harmful if line.harm}
    return tuple(sorted({harm if re.fullmatch(SLUG, harm) else UNNAMED for harm in said}))


def _say_left_out(row: AskedRow, version: CaseVersion, error: Exception, now: datetime) -> None:
    log_after_commit(
        "error",
        "item_left_out",
        attempt=row.attempt_id,
        item=row.item_id,
        exc_info=error,
    )
    record(
        None, "item.left_out", "item", row.item_id, now=now,
        after={
            "attempt": row.attempt_id,
            "version": version.id,
            "author": version.author_id,
            "reason": type(error).__name__,
        },
    )  # fmt: skip
