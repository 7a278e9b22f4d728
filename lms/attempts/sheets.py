"""What a fellow sees while answering. Nothing here carries a key or a reason."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from lms.attempts.answers import as_shown
from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.queries import attempt_of
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from question_bank.items import ItemForFellow, for_fellow


@dataclass(frozen=True)
class Mark:
    """Where an item stands: its `position` from 1, in case `case` from 1."""

    position: int
    case: int
    version_id: int
    answered: bool
    flagged: bool


@dataclass(frozen=True)
class Paper:
    """A fellow's attempt from outside: its frame, and the state of every item."""

    attempt_id: int
    assignment_id: int
    title: str
    state: AttemptState
    deadline_at: datetime
    limited: bool
    saved_at: datetime | None
    marks: tuple[Mark, ...]

    @property
    def open(self) -> bool:
        """Whether it has not been handed in."""
        return self.state is AttemptState.IN_PROGRESS

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return self.marks[-1].case if self.marks else 0

    @cached_property
    def groups(self) -> tuple[tuple[Mark, ...], ...]:
        """The marks, case by case."""
        return tuple(
            tuple(mark for mark in self.marks if mark.case == number)
            for number in range(1, self.cases + 1)
        )

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(mark.answered for mark in self.marks)

    @property
    def unanswered(self) -> tuple[Mark, ...]:
        """The items without an answer."""
        return tuple(mark for mark in self.marks if not mark.answered)

    @property
    def flagged(self) -> tuple[Mark, ...]:
        """The items flagged for review."""
        return tuple(mark for mark in self.marks if mark.flagged)

    @property
    def next_open(self) -> Mark | None:
        """The first item without an answer; None if all have one."""
        return next((mark for mark in self.marks if not mark.answered), None)

    def seconds_left(self, now: datetime) -> int:
        """Return how many whole seconds are left until the deadline, never less than 0."""
        return max(0, int((self.deadline_at - now).total_seconds()))


@dataclass(frozen=True)
class Place:
    """An item on the page, with the answer so far in places as shown."""

    position: int
    item: ItemForFellow
    order: tuple[int, ...]
    answer: dict[str, Any] | None
    flagged: bool
    revision: int

    @property
    def options(self) -> tuple[str, ...]:
        """The options in the order in which this fellow sees them."""
        return tuple(self.item.options[index] for index in self.order)

    @property
    def text(self) -> str:
        """What stands in the field of a written answer; a unit that was typed, behind it."""
        answer = self.answer or {}
        if "text" in answer or self.item.unit_required or "unit" not in answer:
            return str(answer.get("text", answer.get("value", "")))
        return f"{answer['value']} {answer['unit']}"

    @property
    def unit(self) -> str:
        """The unit that was chosen from a list; empty if there is none."""
        return str((self.answer or {}).get("unit", "")) if self.item.unit_required else ""

    @property
    def chosen(self) -> frozenset[int]:
        """The places of the options that are chosen."""
        chosen = (self.answer or {}).get("chosen", [])
        return frozenset(chosen if isinstance(chosen, list) else [chosen])


@dataclass(frozen=True)
class Sheet:
    """One case of an attempt with its items, as it is answered. `number` is from 1."""

    number: int
    title: str
    vignette: str
    places: tuple[Place, ...]


_MARKS = (
    select(
        Response.position,
        Response.case_version_id,
        Response.answer.is_not(None).label("answered"),
        Response.flagged,
    )
    .where(Response.attempt_id == bindparam("attempt_id"))
    .order_by(Response.position)
)

_PLACES = (
    select(Response)
    .where(
        Response.attempt_id == bindparam("attempt_id"),
        Response.position.between(bindparam("first"), bindparam("last")),
    )
    .options(joinedload(Response.version), joinedload(Response.item))
    .order_by(Response.position)
    .execution_options(populate_existing=True)
)


def paper_of(fellow_id: int, attempt_id: int) -> Paper:
    """Return a fellow's own attempt, in two statements.

    Raises:
        NotFound: there is no such attempt, or it is another person's.
    """
    attempt = attempt_of(fellow_id, attempt_id)
    rows = db.session.execute(_MARKS, {"attempt_id": attempt_id})
    marks: list[Mark] = []
    for position, version_id, answered, flagged in rows:
        last = marks[-1] if marks else None
        case = 1 if last is None else last.case + (last.version_id != version_id)
        marks.append(Mark(position, case, version_id, bool(answered), flagged))
    return _paper(attempt, marks)


def _paper(attempt: Attempt, marks: list[Mark]) -> Paper:
    assignment = attempt.assignment
    return Paper(
        attempt_id=attempt.id,
        assignment_id=assignment.id,
        title=assignment.version.quiz.title,
        state=attempt.state,
        deadline_at=attempt.deadline_at,
        limited=assignment.time_limit is not None,
        saved_at=attempt.saved_at,
        marks=tuple(marks),
    )


def sheet_of(paper: Paper, number: int) -> Sheet:
    """Return the case with *number* of an attempt, in one statement.

    Raises:
        NotFound: there is no such case.
    """
    if not 1 <= number <= paper.cases:
        raise NotFound
    marks = paper.groups[number - 1]
    responses = db.session.scalars(
        _PLACES,
        {
            "attempt_id": paper.attempt_id,
            "first": marks[0].position,
            "last": marks[-1].position,
        },
    ).all()
    body = parsed(responses[0].version)
    return Sheet(
        number=number,
        title=body.title,
        vignette=body.vignette,
        places=tuple(
            Place(
                position=response.position,
                item=for_fellow(item_of(body, response.item.key)),
                order=tuple(response.order),
                answer=as_shown(response.answer, response.order),
                flagged=response.flagged,
                revision=response.revision,
            )
            for response in responses
        ),
    )
