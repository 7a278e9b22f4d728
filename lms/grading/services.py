"""Grading: what was submitted, against the versions that were seen, once."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import Row, func, select, update

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.cases.withholding import is_out
from lms.core.audit import record
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.logs import log_after_commit
from lms.grading import ledger
from lms.grading.models import UNNAMED, GradeCause, GradeState
from lms.people.models import User
from question_bank.items.base import ReviewLine
from question_bank.scoring import EarnedCredit
from question_bank.shapes import SLUG

MOST_TRIES = 5
"""After so many crashes an attempt is left to people."""

FIRST_PAUSE = timedelta(seconds=10)
"""How long a crashed grading rests before the second try; doubled each time."""


def release_flagged(actor: User | None, *, now: datetime) -> list[int]:
    """Let every attempt that was left to people be graded again, and return their ids."""
    released = db.session.scalars(
        update(Attempt)
        .where(Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_not(None))
        .values(flagged_at=None, grade_tries=0, grade_after=None)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    ).all()
    for attempt_id in released:
        record(actor, "attempt.retry", "attempt", attempt_id, now=now)
        enqueue("attempts.grade", attempt_id)
    return sorted(released)


def begin_grading(attempt_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Count a try at each submitted attempt whose turn it is, and return their ids.

    Commit this before the grading itself, so that a try that kills its process is counted.
    An attempt that has used up its tries is flagged for people instead.
    """
    due = (
        Attempt.id.in_(attempt_ids),
        Attempt.state == AttemptState.SUBMITTED,
        Attempt.flagged_at.is_(None),
        func.coalesce(Attempt.grade_after, now) <= now,
    )
    spent = db.session.scalars(
        update(Attempt)
        .where(*due, Attempt.grade_tries >= MOST_TRIES)
        .values(flagged_at=now)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    ).all()
    for attempt_id in spent:
        log_after_commit("error", "grading_given_up", attempt=attempt_id, tries=MOST_TRIES)
        record(None, "attempt.flag", "attempt", attempt_id, now=now, after={"tries": MOST_TRIES})
    begun = db.session.execute(
        update(Attempt)
        .where(*due, Attempt.grade_tries < MOST_TRIES)
        .values(grade_tries=Attempt.grade_tries + 1, grade_after=now + FIRST_PAUSE)
        .returning(Attempt.id, Attempt.grade_tries)
        .execution_options(synchronize_session=False)
    )
    tries = {row.id: row.grade_tries for row in begun}
    _lengthen_pauses(tries, now)
    return sorted(tries)


def _lengthen_pauses(tries: dict[int, int], now: datetime) -> None:
    for count in {count for count in tries.values() if count > 1}:
        db.session.execute(
            update(Attempt)
            .where(Attempt.id.in_([key for key, value in tries.items() if value == count]))
            .values(grade_after=now + FIRST_PAUSE * 2 ** (count - 1))
            .execution_options(synchronize_session=False)
        )


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
        is_out(Response.case_version_id).label("is_out"),
        Item.withheld_by_id,
    )
    .join(Response.item)
    .order_by(Response.attempt_id, Response.position)
)
"""What grading needs of responses, by columns: objects would cost more than the grading."""


def grade_attempts(attempt_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Grade those of the attempts that are submitted and that no one else is grading.

    Claim, grades, score and next state are one transaction of the caller: a crash leaves all
    as it was. An item that cannot be graded is left out of the score, and one that is withheld
    too. As many statements for many attempts as for one, if every item can be graded.

    Returns:
        The ids of the attempts that this call has graded.
    """
    rows = db.session.execute(
        select(Attempt.id, Attempt.fellow_id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == AttemptState.SUBMITTED)
        .order_by(Attempt.id)
        .with_for_update(key_share=True)
    )
    claimed = {row.id: row.fellow_id for row in rows}
    if not claimed:
        return []
    asked = db.session.execute(ASKED.where(Response.attempt_id.in_(claimed))).all()
    versions = versions_of({row.case_version_id for row in asked})
    judged: dict[int, list[ledger.Judged]] = {attempt_id: [] for attempt_id in claimed}
    grades = []
    for row in asked:
        state, credit, harms = judge(row, versions[row.case_version_id], now)
        earned = EarnedCredit(credit, row.points, row.approach, row.topic)
        judged[row.attempt_id].append(ledger.Judged(state, earned))
        grades.append(graded(row, state, credit, harms, now))
    ledger.append(grades)
    ledger.finish(judged, now=now)
    settle_keys(set(claimed.values()), now=now)
    return list(claimed)


def versions_of(version_ids: Collection[int]) -> dict[int, CaseVersion]:
    """Return versions of cases by their ids, in one statement."""
    found = db.session.scalars(select(CaseVersion).where(CaseVersion.id.in_(version_ids)))
    return {version.id: version for version in found}


def graded(
    row: AskedRow, state: GradeState, credit: Fraction | None, harms: list[str], now: datetime
) -> dict[str, object]:
    """Return the columns of the next grade of a row of `ASKED`."""
    return {
        "response_id": row.id,
        "number": row.grade_number,
        "state": state,
        "credit_num": None if credit is None else credit.numerator,
        "credit_den": None if credit is None else credit.denominator,
        "harms": harms,
        "case_version_id": row.case_version_id,
        "why": GradeCause.GRADED,
        "graded_by": row.withheld_by_id if state is GradeState.WITHHELD else None,
        "graded_at": now,
    }


def judge(
    row: AskedRow, version: CaseVersion, now: datetime
) -> tuple[GradeState, Fraction | None, list[str]]:
    """Return what is to be said of an answer, a row of `ASKED`: state, credit and acts of harm.

    It is withheld if its item is, left out if that is broken, and waits where a person has to mark
    it.
    """
    if row.is_out:
        return GradeState.WITHHELD, None, []
    try:
        item = item_of(parsed(version), row.key)
        answer = item.parse_answer(row.answer)
        credit = item.credit_for(answer)
        harms = _acts(item.harms(answer))
    except (SoftTimeLimitExceeded, MemoryError):  # the worker's trouble, not the item's
        raise
    except Exception as error:
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
        return GradeState.LEFT_OUT, None, []
    return (GradeState.WAITS if credit is None else GradeState.EARNED), credit, harms


def _acts(harmful: Iterable[ReviewLine]) -> list[str]:
    """Return the acts that harm by their ids, each once; older versions say a harm in words."""
    said = {line.harm for line in harmful if line.harm}
    return sorted({harm if re.fullmatch(SLUG, harm) else UNNAMED for harm in said})


def grade_attempt(attempt_id: int, *, now: datetime) -> bool:
    """Grade one submitted attempt; return whether this call did it. See `grade_attempts`."""
    return bool(grade_attempts([attempt_id], now=now))
