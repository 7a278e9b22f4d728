"""Reading what graded first answers say, item by item."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Row, String, bindparam, case, cast, select

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.release import keys_open
from lms.cases.models import ItemEdition
from lms.core.db import db
from lms.exposure.models import KEY_OPENS, Edition, Exposure, KeyOpening
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS, news_at, stands_since
from lms.quizzes.terms import Pair
from lms.results.withheld import readings
from question_bank.analysis.progress import Fact

HANDED_IN_AT = case(
    (Attempt.deadline_at < Attempt.submitted_at, Attempt.deadline_at), else_=Attempt.submitted_at
)
"""When an attempt was handed in, for what ends with a day: at its deadline if it was so later.

The sweep hands it in some moments after that, and grace may last a day.
"""

_news = case((Grade.number == 1, Grade.graded_at), else_=news_at())
"""When a response was news whose grade that counts has a credit: most often there is no other."""

_FELLOWS: BindParameter[int] = bindparam("fellow_ids", expanding=True)

_FACTS = (
    select(
        Attempt.fellow_id,
        Response.attempt_id,
        Response.id,
        Response.item_id,
        Response.case_version_id,
        Response.approach,
        Response.topic,
        ItemEdition.level,
        Grade.credit_num,
        Grade.credit_den,
        Attempt.submitted_at,
        HANDED_IN_AT,
        _news,
        stands_since(),
        cast(Grade.harms, String),
        Attempt.assignment_id,
        Exposure.edition,
        KeyOpening.key_at,
    )
    .select_from(Exposure)
    .outerjoin(KeyOpening, KEY_OPENS)
    .join(Response, Response.id == Exposure.response_id)
    .join(Response.attempt)
    .join(ItemEdition, ASKS)
    .join(Grade, COUNTS)
    .where(
        Exposure.fellow_id.in_(_FELLOWS),
        Attempt.fellow_id.in_(_FELLOWS),  # told twice, so that PostgreSQL reads no others' answers
        Attempt.state == AttemptState.GRADED,
        Grade.state == GradeState.EARNED,
        ~Response.formative,
    )
    .order_by(Attempt.submitted_at, Attempt.id, Response.position)
)
"""The first eight are those of `Fact`; its credit, its moments and what else it needs come then."""


def graded_facts(
    fellow_ids: Iterable[int], *, until: datetime | None, now: datetime, told_to: int | None = None
) -> list[Fact]:
    """Return what the first answers of fellows say, item by item, in a fixed number of statements.

    Items that had to be left out, wait for a person or are formative are absent. In order of
    submission, then position.

    Args:
        fellow_ids: Whose attempts.
        until: Only what became news before this moment; None: up to now. So what waited for its
            grade or its marks over a digest's end is in the next digest.
        now: When it is said: of a key that waits then, no fact says when it opens.
        told_to: The reader whom it is told to, who learns of no accommodation but the own;
            `ANYBODY`: of none. None: the fellows themselves.
    """
    fellows = list(fellow_ids)
    readable = readings(fellows, now=now, told_to=told_to)
    query = _FACTS if until is None else _FACTS.where(_news < until)
    rows = db.session.execute(query, {"fellow_ids": fellows}).all()
    others = {
        (assignment_id, fellow_id)
        for fellow_id, *_, assignment_id, _, _ in rows
        if told_to is not None and fellow_id != told_to
    }
    opening: dict[Pair, datetime | None] = dict.fromkeys(others) | keys_open(others, to_others=True)
    return [_fact(row, readable, opening) for row in rows]


def _fact(
    row: Row[*tuple[Any, ...]],
    readable: Mapping[Edition, datetime | None],
    opening: Mapping[Pair, datetime | None],
) -> Fact:
    """Return what a row of `_FACTS` says; its values by name would cost more than all the rest."""
    asked, credit, moments = row[:8], row[8:10], row[10:14]
    harms, assignment_id, edition, key_at = row[14:]
    fellow_id, item_id = row[0], row[3]
    opens = opening.get((assignment_id, fellow_id), key_at)
    told_at = readable.get((fellow_id, item_id, edition), opens)
    return Fact._make((*asked, _credit(*credit), *moments, told_at, _acts(harms)))


_credit = lru_cache(maxsize=1_000)(Fraction)
"""Return a credit; thousands of answers earn the same few."""


@lru_cache(maxsize=1_000)
def _acts(harms: str) -> tuple[str, ...]:
    """Return the acts that a grade names, of their text in the database."""
    return tuple(json.loads(harms))
