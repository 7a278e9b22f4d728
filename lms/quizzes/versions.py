"""The version of a quiz that may be changed, and who keeps others from changing it meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.quizzes.models import Quiz, QuizItem, QuizVersion

MOST_ITEMS = 120
"""The most items a quiz may have."""


@dataclass(frozen=True)
class Seat:
    """An item in a quiz, and how much it weighs there; None: what its case says."""

    item_id: int
    points: int | None = None


class TooLong(Invalid):
    """The quiz would have more items than a sitting can bear."""

    message = f"A quiz has at most {MOST_ITEMS} items."


class Archived(Refusal):
    """The quiz is not in use."""

    message = "This quiz is archived. Restore it first, then change or assign it."


def newest(quiz_id: int) -> QuizVersion:
    """Return the newest version of a quiz, and keep others from changing it meanwhile.

    What is locked is the quiz: of versions, another transaction may have made a newer one.

    Raises:
        NotFound: there is no such quiz.
        Archived: it may not be changed.
    """
    if hold(quiz_id) is not None:
        raise Archived
    return db.session.scalars(
        select(QuizVersion)
        .where(QuizVersion.quiz_id == quiz_id)
        .order_by(QuizVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def hold(quiz_id: int) -> datetime | None:
    """Keep others from changing or assigning a quiz until the commit; return when it was archived.

    Raises:
        NotFound: there is no such quiz.
    """
    row = db.session.execute(
        select(Quiz.archived_at).where(Quiz.id == quiz_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    archived_at: datetime | None = row.archived_at
    return archived_at


def draft(quiz_id: int, *, now: datetime) -> QuizVersion:
    """Return the version of a quiz that may be changed: the newest, or a copy if it is frozen."""
    last = newest(quiz_id)
    if last.frozen_at is None:
        return last
    copy = QuizVersion(quiz_id=quiz_id, number=last.number + 1, created_at=now)
    db.session.add(copy)
    db.session.flush()
    replace(copy, seats_of(last))
    return copy


def seats_of(version: QuizVersion) -> list[Seat]:
    """Return the items of a version, in order."""
    rows = db.session.execute(
        select(QuizItem.item_id, QuizItem.points)
        .where(QuizItem.quiz_version_id == version.id)
        .order_by(QuizItem.position)
    )
    return [Seat(*row) for row in rows]


def replace(version: QuizVersion, seats: Sequence[Seat]) -> None:
    """Have a version that may be changed ask these items, in this order.

    Raises:
        TooLong: there are too many.
    """
    if len(seats) > MOST_ITEMS:
        raise TooLong
    db.session.execute(delete(QuizItem).where(QuizItem.quiz_version_id == version.id))
    db.session.expire(version, ["places"])
    db.session.add_all(
        QuizItem(
            quiz_version_id=version.id, position=position, item_id=seat.item_id, points=seat.points
        )
        for position, seat in enumerate(seats, start=1)
    )
    db.session.flush()
