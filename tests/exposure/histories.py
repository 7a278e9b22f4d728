"""Attempts as rows, with answers given and handed in at moments that the test chooses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lms.attempts.exposing import choose_firsts, expose, settle_keys
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.core.db import db, transaction
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.people.models import User
from lms.quizzes.models import Assignment
from tests.factories import NOW, add

HOUR = timedelta(hours=1)


def hours(number: float) -> datetime:
    """Return the moment so many hours after `NOW`."""
    return NOW + number * HOUR


def sat(
    fellow: User,
    assignment: Assignment,
    saved: Sequence[float | None],
    *,
    handed_in: float,
    by: SubmittedBy = SubmittedBy.FELLOW,
    number: int = 1,
) -> Attempt:
    """Return an attempt whose items were answered at hours *saved*, and handed in; as rows only."""
    places = db.session.execute(PLACES, {"quiz_version": assignment.quiz_version_id}).all()
    attempt = add(
        Attempt(
            assignment_id=assignment.id,
            fellow_id=fellow.id,
            number=number,
            state=AttemptState.SUBMITTED,
            started_at=hours(handed_in - 1),
            deadline_at=hours(handed_in),
            submitted_at=hours(handed_in),
            submitted_by=by,
            seed=1,
        )
    )
    for position, ((item_id, version_id), hour) in enumerate(zip(places, saved, strict=True), 1):
        add(
            Response(
                attempt_id=attempt.id,
                position=position,
                item_id=item_id,
                case_version_id=version_id,
                topic="t",
                approach="a",
                order=[0, 1, 2, 3],
                answer=None if hour is None else {"chosen": 1},
                saved_at=None if hour is None else hours(hour),
            )
        )
    return attempt


PLACES: Any = db.text(
    'SELECT item.id, "case".current_id FROM quiz_item JOIN item ON item.id = quiz_item.item_id'
    ' JOIN "case" ON "case".id = item.case_id WHERE quiz_version_id = :quiz_version'
    " ORDER BY quiz_item.position"
)


def hand_in(attempt: Attempt) -> None:
    """Do what handing in does to exposures."""
    with transaction():
        expose(attempt.id)


def hand_in_anew(
    attempt: Attempt, saved: Sequence[float | None], *, handed_in: float, by: SubmittedBy
) -> None:
    """Have a handed-in attempt be reopened, its answers be of hours *saved*, and it handed in."""
    with transaction():
        attempt = db.session.merge(attempt)
        attempt.submitted_at, attempt.submitted_by = hours(handed_in), by
        own = db.select(Response).where(Response.attempt_id == attempt.id)
        rows = db.session.scalars(own.order_by(Response.position))
        for row, hour in zip(rows, saved, strict=True):
            row.answer = None if hour is None else {"chosen": 2}
            row.saved_at = None if hour is None else hours(hour)
        db.session.flush()
        choose_firsts(attempt.id)


def grade(attempt: Attempt, hour: float) -> None:
    """Have *attempt* graded at an hour, and do what that does to exposures."""
    with transaction():
        attempt = db.session.merge(attempt)
        attempt.state, attempt.graded_at = AttemptState.GRADED, hours(hour)
        db.session.flush()
        settle_keys([attempt.fellow_id], now=hours(hour))


def exposures(fellow: User) -> list[Exposure]:
    """Return what the fellow was exposed to, in the order of items."""
    query = db.select(Exposure).where(Exposure.fellow_id == fellow.id)
    return list(
        db.session.scalars(
            query.order_by(Exposure.item_id, Exposure.edition).execution_options(
                populate_existing=True
            )
        )
    )


def openings(fellow: User) -> list[datetime | None]:
    """Return since when the fellow can read each key, in the order of items."""
    query = db.select(KeyOpening.key_at).select_from(Exposure).outerjoin(KeyOpening, KEY_OPENS)
    of_fellow = query.where(Exposure.fellow_id == fellow.id)
    return list(db.session.scalars(of_fellow.order_by(Exposure.item_id, Exposure.edition)))
