"""Grading: what was submitted, against the versions that were seen, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.queries import item_of, parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.jobs import enqueue
from lms.people.models import User
from question_bank.scoring import score

log = structlog.get_logger()

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
        log.error("grading_given_up", attempt=attempt_id, tries=MOST_TRIES)
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


def grade_attempts(attempt_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Grade those of the attempts that are submitted and that no one else is grading.

    Claim, credits, score and next state are one transaction of the caller: a crash leaves all
    as it was. An item that cannot be graded is left out of the score.

    Returns:
        The ids of the attempts that this call has graded.
    """
    attempts = db.session.scalars(
        select(Attempt)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == AttemptState.SUBMITTED)
        .options(
            selectinload(Attempt.responses).options(
                selectinload(Response.version), selectinload(Response.item)
            )
        )
        .order_by(Attempt.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for attempt in attempts:
        _grade(attempt, now)
    db.session.flush()
    settle_keys({attempt.fellow_id for attempt in attempts}, now=now)
    return [attempt.id for attempt in attempts]


def _grade(attempt: Attempt, now: datetime) -> None:
    for response in attempt.responses:
        _take_credit(response, now)
    attempt.state = AttemptState.GRADED
    attempt.graded_at = now
    _take_score(attempt)


def _take_score(attempt: Attempt) -> None:
    result = score(response.earned for response in attempt.responses)
    attempt.score = result.basis_points if result.possible else None


def score_again(attempt_id: int) -> None:
    """Compute the score of a graded attempt anew from the credits of its responses.

    The attempt's row is locked first: of two that mark at once, the second sees both marks.
    """
    db.session.flush()
    attempt = db.session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.GRADED)
        .options(selectinload(Attempt.responses))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    _take_score(attempt)


def _take_credit(response: Response, now: datetime) -> None:
    earned = _earned(response, now)
    response.credit_num = None if earned is None else earned.numerator
    response.credit_den = None if earned is None else earned.denominator


def _earned(response: Response, now: datetime) -> Fraction | None:
    """Return the credit of a response; none if the item is broken.

    Nor is there credit yet where a person has to mark the answer.
    """
    try:
        item = item_of(parsed(response.version), response.item.key)
        answer = item.parse_answer(response.answer)
        earned = item.credit_for(answer)
        response.harmful = bool(item.harms(answer))
    except (SoftTimeLimitExceeded, MemoryError):  # the worker's trouble, not the item's
        raise
    except Exception as error:
        log.exception("item_left_out", attempt=response.attempt_id, item=response.item_id)
        record(
            None, "item.left_out", "item", response.item_id, now=now,
            after={
                "attempt": response.attempt_id,
                "version": response.case_version_id,
                "author": response.version.author_id,
                "reason": type(error).__name__,
            },
        )  # fmt: skip
        response.left_out = True
        return None
    response.waits = earned is None
    return earned


def grade_attempt(attempt_id: int, *, now: datetime) -> bool:
    """Grade one submitted attempt; return whether this call did it. See `grade_attempts`."""
    return bool(grade_attempts([attempt_id], now=now))
