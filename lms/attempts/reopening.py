"""Letting an attempt that was handed in go on: another sitting of the same attempt."""

from datetime import datetime

from sqlalchemy import and_, func, select

from lms.attempts import queries
from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, AttemptState, Response, Sitting
from lms.attempts.retiming import retime
from lms.cases.models import ItemEdition
from lms.core.audit import record
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.people.models import User
from lms.quizzes.terms import terms_with


class StillOpen(Refusal):
    """It was not handed in."""

    message = "This attempt was not handed in, so it cannot be reopened."


class NotTheLast(Refusal):
    """A later attempt was begun."""

    message = "A later attempt was begun since, so this one cannot be reopened."


def reopen(
    actor: User, attempt_id: int, *, until: datetime, reason: str, now: datetime
) -> AttemptState:
    """Let an attempt take answers again, up to *until*; what was answered stays.

    It is in progress again: neither score nor grading date stand, and stages that were locked stay
    so. Grades in the ledger are not touched. What is answered once a key can be read (see
    `key_was_readable`) is no first answer any more.

    Returns:
        What the attempt was before: submitted, or graded.

    Raises:
        NotFound: there is no such attempt.
        StillOpen, NotTheLast: it runs, or is not the fellow's last one of the assignment.
        Invalid: no reason, or *until* is past, or later than when results are shown.
    """
    attempt = queries.locked_attempt(attempt_id)
    before = attempt.state
    if before is AttemptState.IN_PROGRESS:
        raise StillOpen
    if _last_number(attempt) != attempt.number:
        raise NotTheLast
    _check(attempt, until, reason, now, zone=actor.time_zone)
    _begin_sitting(attempt, actor, until, reason.strip(), now)
    retime([attempt_id])
    after = {"until": until.isoformat(), "reason": reason.strip()}
    record(
        actor, "attempt.reopen", "attempt", attempt_id,
        now=now, before={"state": before.value}, after=after,
    )  # fmt: skip
    return before


def last_sitting(attempt_id: int) -> Sitting:
    """Return the last sitting of an attempt."""
    return db.session.scalars(
        select(Sitting)
        .where(Sitting.attempt_id == attempt_id)
        .order_by(Sitting.number.desc())
        .limit(1)
    ).one()


def _last_number(attempt: Attempt) -> int | None:
    same = (Attempt.assignment_id == attempt.assignment_id, Attempt.fellow_id == attempt.fellow_id)
    return db.session.scalar(select(func.max(Attempt.number)).where(*same))


def key_was_readable(attempt: Attempt, now: datetime) -> bool:
    """Return whether the fellow could read a key of what an attempt asks by *now*.

    Terms of this assignment, or of another one that asks the same, have opened it.
    """
    exposed = and_(Exposure.item_id == Response.item_id, Exposure.edition == ItemEdition.edition)
    opened = (
        select(Exposure.item_id)
        .select_from(Response)
        .join(ItemEdition, ASKS)
        .join(Exposure, exposed)
        .join(KeyOpening, KEY_OPENS)
        .where(
            Response.attempt_id == attempt.id,
            Exposure.fellow_id == attempt.fellow_id,
            KeyOpening.key_at <= now,
        )
    )
    return db.session.scalar(opened.limit(1)) is not None


def _check(attempt: Attempt, until: datetime, reason: str, now: datetime, *, zone: str) -> None:
    if not reason.strip():
        raise Invalid("Say why the attempt is reopened.", field="reason")
    if until <= now:
        raise Invalid("Give a time to come.", field="until")
    last = terms_with(attempt.assignment_id, attempt.fellow_id).results
    if until > last:
        raise Invalid(
            f"Results are shown from {say_when(last, zone)} on. Give an earlier time.",
            field="until",
        )


def _begin_sitting(
    attempt: Attempt, actor: User, until: datetime, reason: str, now: datetime
) -> None:
    earlier = last_sitting(attempt.id)
    earlier.closed_at, earlier.closed_by = attempt.submitted_at, attempt.submitted_by
    db.session.add(
        Sitting(
            attempt_id=attempt.id,
            number=earlier.number + 1,
            began_at=now,
            until=until,
            opened_by=actor.id,
            reason=reason,
        )
    )
    attempt.state = AttemptState.IN_PROGRESS
    attempt.submitted_at = attempt.submitted_by = attempt.graded_at = attempt.score = None
    attempt.scored = attempt.waiting = attempt.grade_tries = 0
    attempt.grade_after = attempt.flagged_at = None
    db.session.flush()
