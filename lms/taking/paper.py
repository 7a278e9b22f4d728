"""A fellow's attempt from outside: its frame, and the state of every item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, select

from lms.attempts.models import Attempt, AttemptState, RefusedAnswer, Response
from lms.attempts.queries import REFUSED_LAST
from lms.core.db import db
from lms.core.errors import NotFound
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from lms.quizzes.terms import terms_in, with_terms
from question_bank.terms import Terms


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
    its clock stands. `terms` are the fellow's, with what others are not told.
    """

    attempt_id: int
    assignment_id: int
    terms: Terms
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

    @cached_property
    def _reached(self) -> tuple[int, ...]:
        return tuple(
            min((item.stage for item in items if not item.locked), default=items[-1].stage)
            for items in self.groups
        )

    def reached(self, case: int) -> int:
        """Return the stage of case number *case* that takes answers, from 0."""
        return self._reached[case - 1]

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


_ATTEMPT, _RESPONSE, _REFUSED, _ASSIGNMENT, _VERSION, _QUIZ = (
    cast(Table, model.__table__)
    for model in (Attempt, Response, RefusedAnswer, Assignment, QuizVersion, Quiz)
)

_FRAME = with_terms(
    select(
        _ASSIGNMENT.c.id,
        _QUIZ.c.title,
        _ATTEMPT.c.state,
        _ATTEMPT.c.started_at,
        _ATTEMPT.c.deadline_at,
        _ATTEMPT.c.frozen_at,
        _ASSIGNMENT.c.ask_confidence,
    )
    .join_from(_ATTEMPT, _ASSIGNMENT)
    .join(_VERSION)
    .join(_QUIZ),
    _ATTEMPT.c.fellow_id,
).where(_ATTEMPT.c.id == bindparam("attempt_id"), _ATTEMPT.c.fellow_id == bindparam("fellow_id"))

_ITEMS = (
    select(
        _RESPONSE.c.position,
        _RESPONSE.c.case_version_id,
        _RESPONSE.c.answer.is_not(None).label("answered"),
        _RESPONSE.c.flagged,
        _RESPONSE.c.stage,
        _RESPONSE.c.locked_at.is_not(None).label("locked"),
        _RESPONSE.c.saved_at,
        _REFUSED.c.typed,
        _REFUSED.c.why,
    )
    .outerjoin_from(
        _RESPONSE, _REFUSED, and_(_REFUSED.c.response_id == _RESPONSE.c.id, REFUSED_LAST)
    )
    .where(_RESPONSE.c.attempt_id == bindparam("attempt_id"))
    .order_by(_RESPONSE.c.position, _REFUSED.c.received_at.desc(), _REFUSED.c.tab)
)
"""Where several pages sent what could not be taken, the newest comes first."""


def paper_of(fellow_id: int, attempt_id: int) -> Paper:
    """Return a fellow's own attempt, in two statements.

    Raises:
        NotFound: there is no such attempt, or it is another person's.
    """
    frame = db.session.execute(_FRAME, {"attempt_id": attempt_id, "fellow_id": fellow_id}).all()
    if not frame:
        raise NotFound
    assignment_id, title, state, began_at, deadline_at, frozen_at, asks_confidence, *_ = frame[0]
    rows = db.session.execute(_ITEMS, {"attempt_id": attempt_id}).all()
    return Paper(
        attempt_id=attempt_id,
        assignment_id=assignment_id,
        terms=terms_in(frame),
        title=title,
        state=state,
        began_at=began_at,
        deadline_at=deadline_at or frozen_at or began_at,
        frozen_at=frozen_at,
        asks_confidence=asks_confidence,
        saved_at=max((row.saved_at for row in rows if row.saved_at is not None), default=None),
        items=tuple(_states(rows)),
    )


def _states(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[ItemState]:
    at, case, version = 0, 0, None
    for position, version_id, answered, flagged, stage, locked, _, typed, why in rows:
        if position == at:
            continue
        case += version_id != version
        at, version = position, version_id
        refused = None if why is None else LastEntry(typed, why)
        state = (bool(answered), flagged, stage, bool(locked), refused)
        yield ItemState(position, case, version_id, *state)
