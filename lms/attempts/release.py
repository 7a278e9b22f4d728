"""From when on fellows may read the keys of what they took."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, case, select

from lms.attempts.models import Attempt, AttemptState
from lms.core.db import db
from lms.quizzes.models import Assignment
from lms.quizzes.terms import Pair, terms_in, terms_of, with_terms
from question_bank.terms import Taking, Terms

_TAKEN = select(
    Attempt.assignment_id,
    Attempt.fellow_id,
    Attempt.graded_at,
    case((Attempt.state == AttemptState.ABANDONED, Attempt.deadline_at)).label("abandoned_at"),
).where(
    Attempt.assignment_id.in_(bindparam("assignment_ids", expanding=True)),
    Attempt.fellow_id.in_(bindparam("fellow_ids", expanding=True)),
)

_ATTEMPT, _ASSIGNMENT = (cast(Table, model.__table__) for model in (Attempt, Assignment))

_OF_ONE = with_terms(
    select(
        _ATTEMPT.c.id,
        _ATTEMPT.c.graded_at,
        case((_ATTEMPT.c.state == AttemptState.ABANDONED, _ATTEMPT.c.deadline_at)),
    ).join_from(_ATTEMPT, _ASSIGNMENT),
    _ATTEMPT.c.fellow_id,
).where(
    _ATTEMPT.c.assignment_id == bindparam("assignment_id"),
    _ATTEMPT.c.fellow_id == bindparam("fellow_id"),
)


def keys_open(pairs: Iterable[Pair], *, to_others: bool = False) -> dict[Pair, datetime]:
    """Return from when on the terms let fellows read keys, by assignment and fellow.

    It may be ahead. Where that cannot be foreseen, since an attempt is not graded yet, the pair is
    not in it, and the keys stay shut. Keys are read on the page of an attempt that is graded or
    abandoned: of one that is not, nothing is shown then either. Three statements, none where no
    pair is asked for.

    Args:
        pairs: The ids of assignments and fellows.
        to_others: From when on others may be told, who learn of no accommodation by it.
    """
    wanted = set(pairs)
    if not wanted:
        return {}
    takings = _takings(wanted)
    opening = {
        pair: terms.keys(takings.get(pair, []), to_others=to_others)
        for pair, terms in terms_of(wanted).items()
    }
    return {pair: moment for pair, moment in opening.items() if moment is not None}


def foreseen(attempt: Attempt) -> tuple[Terms, datetime | None]:
    """Return the terms of an attempt's fellow, and from when on they let its keys be read.

    One statement.
    """
    asked = {"assignment_id": attempt.assignment_id, "fellow_id": attempt.fellow_id}
    rows = db.session.execute(_OF_ONE, asked).all()
    takings = {attempt_id: Taking(*ends) for attempt_id, *ends in (row[:3] for row in rows)}
    terms = terms_in(rows)
    return terms, terms.keys(list(takings.values()))


def _takings(wanted: Collection[Pair]) -> dict[Pair, list[Taking]]:
    found: dict[Pair, list[Taking]] = {}
    assignment_ids, fellow_ids = ({pair[end] for pair in wanted} for end in (0, 1))
    ids = {"assignment_ids": list(assignment_ids), "fellow_ids": list(fellow_ids)}
    rows = db.session.execute(_TAKEN, ids)
    for assignment_id, fellow_id, *ends in rows:
        found.setdefault((assignment_id, fellow_id), []).append(Taking(*ends))
    return found
