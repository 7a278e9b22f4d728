"""The clock of running attempts: set here and nowhere else, as the terms say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from lms.attempts.models import Attempt, AttemptState, Freeze, Sitting
from lms.core.db import db
from lms.quizzes.terms import terms_of
from question_bank.promises import kept_until
from question_bank.terms import Pause, Terms

_SITTINGS = (
    select(Attempt, Sitting)
    .join(Sitting, Sitting.attempt_id == Attempt.id)
    .where(
        Attempt.id.in_(bindparam("attempt_ids", expanding=True)),
        Attempt.state == AttemptState.IN_PROGRESS,
    )
    .order_by(Attempt.id, Sitting.number)
    .with_for_update(of=Attempt, key_share=True)
    .execution_options(populate_existing=True)
)

_STOOD = (
    select(Freeze)
    .where(Freeze.attempt_id.in_(bindparam("attempt_ids", expanding=True)))
    .order_by(Freeze.began_at, Freeze.id)
    .execution_options(populate_existing=True)
)


def wind(attempt: Attempt, first: Sitting, terms: Terms) -> None:
    """Set the clock of an attempt that is begun with its *first* sitting, and keep that."""
    db.session.add(first)
    _set(_Clock(attempt, first, (), terms))
    db.session.flush()


def retime(attempt_ids: Collection[int]) -> None:
    """Set the clocks of those of the attempts that run, as sittings, freezes and terms now say.

    It belongs into the transaction that changed one of these, after the change. Five statements,
    however many attempts; they stay locked until the transaction ends. One whose clock stands
    has no deadline, until its freeze is ended.
    """
    for each in _clocks(attempt_ids):
        _set(each)
    db.session.flush()


@dataclass(frozen=True)
class Promised:
    """When the time of an attempt `ends` that runs, and up to when it can be handed in then.

    That is for ever, if what is saved is handed in anyway.
    """

    ends: datetime
    kept_until: datetime


def ends_of(attempt_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Return when the time of those of the attempts ends that run; see `promised_to`."""
    return {number: each.ends for number, each in promised_to(attempt_ids, now=now).items()}


def promised_to(attempt_ids: Collection[int], *, now: datetime) -> dict[int, Promised]:
    """Return what those of the attempts that run are promised of time, and lock them.

    One whose clock stands: as if it went on *now*.
    """
    return {
        each.attempt.id: Promised(ends, kept_until(each.terms, ends))
        for each in _clocks(attempt_ids)
        for ends in [each.deadline(resumed=now)]
        if ends is not None
    }


@dataclass(frozen=True)
class _Clock:
    """What says when the time of an attempt that runs ends."""

    attempt: Attempt
    sitting: Sitting
    freezes: Sequence[Freeze]
    terms: Terms

    def deadline(self, *, resumed: datetime | None = None) -> datetime | None:
        """Return when it ends; None: the clock stands, and is not *resumed*."""
        pauses = [Pause(each.began_at, each.ended_at or resumed) for each in self.freezes]
        if self.sitting.until is None:
            return self.terms.deadline(self.sitting.began_at, pauses)
        return self.terms.reopened(self.sitting.until, self.sitting.began_at, pauses)


def _set(clock: _Clock) -> None:
    attempt = clock.attempt
    attempt.deadline_at = clock.deadline()
    attempt.frozen_at = None if attempt.deadline_at else clock.freezes[-1].began_at


def _clocks(attempt_ids: Collection[int]) -> list[_Clock]:
    db.session.flush()
    last = _last_sittings(attempt_ids)
    if not last:
        return []
    freezes = _freezes(last)
    terms = terms_of([(each.assignment_id, each.fellow_id) for each in last])
    return [
        _Clock(
            attempt,
            sitting,
            freezes.get(attempt.id, []),
            terms[attempt.assignment_id, attempt.fellow_id],
        )
        for attempt, sitting in last.items()
    ]


def _last_sittings(attempt_ids: Collection[int]) -> dict[Attempt, Sitting]:
    """Return those of the attempts that run, each with its last sitting, and lock them."""
    rows = db.session.execute(_SITTINGS, {"attempt_ids": list(attempt_ids)})
    return {row.Attempt: row.Sitting for row in rows}


def _freezes(attempts: Collection[Attempt]) -> dict[int, list[Freeze]]:
    found: dict[int, list[Freeze]] = {}
    for freeze in db.session.scalars(_STOOD, {"attempt_ids": [each.id for each in attempts]}):
        found.setdefault(freeze.attempt_id, []).append(freeze)
    return found
