"""A fellow's attempt from outside: its frame, and the state of every item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import and_, bindparam, select

from lms.attempts.models import Attempt, AttemptState, RefusedAnswer, Response
from lms.attempts.queries import REFUSED_LAST, attempt_of
from lms.core.db import db


@dataclass(frozen=True)
class LastEntry:
    """What was typed last and could not be taken, and why."""

    typed: str
    why: str


@dataclass(frozen=True)
class ItemState:
    """Where an item stands: its `position` from 1, in case `case` from 1, in `stage` from 0.

    `refused` is what was typed after the answer that counts, if that could not be taken.
    """

    position: int
    case: int
    version_id: int
    answered: bool
    flagged: bool
    stage: int
    locked: bool
    refused: LastEntry | None = None


@dataclass(frozen=True)
class Paper:
    """A fellow's attempt from outside: its frame, and the state of every item.

    It was begun at `began_at`. `deadline_at` is up to when it takes answers; since `frozen_at`,
    its clock stands.
    """

    attempt_id: int
    assignment_id: int
    title: str
    state: AttemptState
    began_at: datetime
    deadline_at: datetime
    frozen_at: datetime | None
    asks_confidence: bool
    saved_at: datetime | None
    items: tuple[ItemState, ...]

    @property
    def open(self) -> bool:
        """Whether it has not been handed in."""
        return self.state is AttemptState.IN_PROGRESS

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return self.items[-1].case if self.items else 0

    @cached_property
    def groups(self) -> tuple[tuple[ItemState, ...], ...]:
        """The items, case by case."""
        return tuple(
            tuple(item for item in self.items if item.case == number)
            for number in range(1, self.cases + 1)
        )

    def reached(self, case: int) -> int:
        """Return the stage of case number *case* that takes answers, from 0."""
        items = self.groups[case - 1]
        open_stages = [item.stage for item in items if not item.locked]
        return min(open_stages, default=items[-1].stage)

    def hidden(self, item: ItemState) -> bool:
        """Return whether an item has yet to appear."""
        return item.stage > self.reached(item.case)

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(item.answered for item in self.items)

    @property
    def unanswered(self) -> tuple[ItemState, ...]:
        """The items without an answer."""
        return tuple(item for item in self.items if not item.answered)

    @property
    def refused(self) -> tuple[ItemState, ...]:
        """The items whose last entry could not be taken."""
        return tuple(item for item in self.items if item.refused)

    @property
    def flagged(self) -> tuple[ItemState, ...]:
        """The items flagged for review."""
        return tuple(item for item in self.items if item.flagged)

    @property
    def locked(self) -> tuple[ItemState, ...]:
        """The items whose answers can no longer be changed."""
        return tuple(item for item in self.items if item.locked)

    @property
    def next_open(self) -> ItemState | None:
        """The first item without an answer; None if all have one.

        If it has yet to appear, the first of the stage that has to be locked before.
        """
        first = next((item for item in self.items if not item.answered), None)
        if first is None or not self.hidden(first):
            return first
        stage = self.reached(first.case)
        return next(item for item in self.groups[first.case - 1] if item.stage == stage)

    def seconds_left(self, now: datetime) -> int:
        """Return how many whole seconds are left until the deadline, never less than 0."""
        return max(0, int((self.deadline_at - now).total_seconds()))


def runs(items: Iterable[ItemState]) -> list[tuple[ItemState, ItemState]]:
    """Return the first and the last of each run of items that follow one another."""
    spans: list[tuple[ItemState, ItemState]] = []
    for item in items:
        if spans and spans[-1][1].position == item.position - 1:
            spans[-1] = (spans[-1][0], item)
        else:
            spans.append((item, item))
    return spans


_ITEMS = (
    select(
        Response.position,
        Response.case_version_id,
        Response.answer.is_not(None).label("answered"),
        Response.flagged,
        Response.stage,
        Response.locked_at.is_not(None).label("locked"),
        Response.saved_at,
        RefusedAnswer.typed,
        RefusedAnswer.why,
    )
    .outerjoin(RefusedAnswer, and_(RefusedAnswer.response_id == Response.id, REFUSED_LAST))
    .where(Response.attempt_id == bindparam("attempt_id"))
    .order_by(Response.position, RefusedAnswer.received_at.desc(), RefusedAnswer.tab)
)
"""Where several pages sent what could not be taken, the newest comes first."""


def paper_of(fellow_id: int, attempt_id: int) -> Paper:
    """Return a fellow's own attempt, in two statements.

    Raises:
        NotFound: there is no such attempt, or it is another person's.
    """
    attempt = attempt_of(fellow_id, attempt_id)
    rows = db.session.execute(_ITEMS, {"attempt_id": attempt_id}).all()
    items: list[ItemState] = []
    for position, version_id, answered, flagged, stage, locked, _, typed, why in rows:
        last = items[-1] if items else None
        if last is not None and last.position == position:
            continue
        case = 1 if last is None else last.case + (last.version_id != version_id)
        refused = None if why is None else LastEntry(typed, why)
        state = (bool(answered), flagged, stage, bool(locked), refused)
        items.append(ItemState(position, case, version_id, *state))
    saved = [row.saved_at for row in rows if row.saved_at is not None]
    return _paper(attempt, items, max(saved, default=None))


def _paper(attempt: Attempt, items: list[ItemState], saved_at: datetime | None) -> Paper:
    assignment = attempt.assignment
    return Paper(
        attempt_id=attempt.id,
        assignment_id=assignment.id,
        title=assignment.version.quiz.title,
        state=attempt.state,
        began_at=attempt.started_at,
        deadline_at=attempt.stops_at,
        frozen_at=attempt.frozen_at,
        asks_confidence=assignment.ask_confidence,
        saved_at=saved_at,
        items=tuple(items),
    )
