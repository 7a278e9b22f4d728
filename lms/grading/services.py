"""Grading: what was submitted, against the versions that were seen, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.audit import record
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.logs import log_after_commit
from lms.grading import ledger
from lms.grading.judging import ASKED, AskedRow, Judgment, judge
from lms.grading.models import GradeCause, GradeState
from lms.people.models import User
from question_bank.scoring import EarnedCredit

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
    is_spent = Attempt.grade_tries >= MOST_TRIES
    due = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id.in_(attempt_ids),
            Attempt.state == AttemptState.SUBMITTED,
            Attempt.flagged_at.is_(None),
            func.coalesce(Attempt.grade_after, now) <= now,
        )
        .values(
            grade_tries=Attempt.grade_tries + case((is_spent, 0), else_=1),
            grade_after=case((is_spent, Attempt.grade_after), else_=now + FIRST_PAUSE),
            flagged_at=case((is_spent, now)),
        )
        .returning(Attempt.id, Attempt.grade_tries, Attempt.flagged_at)
        .execution_options(synchronize_session=False)
    ).all()
    for attempt_id in (row.id for row in due if row.flagged_at):
        log_after_commit("error", "grading_given_up", attempt=attempt_id, tries=MOST_TRIES)
        record(None, "attempt.flag", "attempt", attempt_id, now=now, after={"tries": MOST_TRIES})
    tries = {row.id: row.grade_tries for row in due if not row.flagged_at}
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
    judgments = judge(asked, now=now)
    judged: dict[int, list[ledger.Judged]] = {attempt_id: [] for attempt_id in claimed}
    for row in asked:
        state, credit, _ = judgments[row.id]
        earned = EarnedCredit(credit, row.points, row.approach, row.topic)
        judged[row.attempt_id].append(ledger.Judged(state, earned))
    ledger.append([graded(row, judgments[row.id], now) for row in asked])
    ledger.finish(judged, now=now)
    settle_keys(set(claimed.values()), now=now)
    return list(claimed)


def graded(row: AskedRow, judgment: Judgment, now: datetime) -> dict[str, object]:
    """Return the columns of the next grade of a row of `ASKED`."""
    state, credit, harms = judgment
    return {
        "response_id": row.id,
        "number": row.grade_number,
        "state": state,
        "credit_num": None if credit is None else credit.numerator,
        "credit_den": None if credit is None else credit.denominator,
        "harms": list(harms),
        "case_version_id": row.case_version_id,
        "why": GradeCause.GRADED,
        "graded_by": row.withheld_by_id if state is GradeState.WITHHELD else None,
        "graded_at": now,
    }


def grade_attempt(attempt_id: int, *, now: datetime) -> bool:
    """Grade one submitted attempt; return whether this call did it. See `grade_attempts`."""
    return bool(grade_attempts([attempt_id], now=now))
