"""Where a fellow stands with an assignment: due, in progress, overdue, missed, abandoned, done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from question_bank.scoring import FIGURE
from question_bank.terms import Terms, Unfinished

State = Literal["due", "in progress", "overdue", "done", "missed", "abandoned"]


@dataclass(frozen=True)
class AssignedQuiz:
    """A quiz as it was assigned, with the terms that hold for the fellow."""

    id: int
    title: str
    terms: Terms


@dataclass(frozen=True)
class GivenQuiz:
    """A quiz as it was assigned, and a fellow whom it concerns or concerned.

    `member_now`: the fellow is today in a cohort that it was assigned to, or it was assigned to
    the fellow by name; `member_when_due`: so it was on the day it was due. `away_now` and
    `away_when_due`: the fellow is, or was then, on leave.
    """

    fellow_id: int
    assignment: AssignedQuiz
    member_now: bool
    member_when_due: bool
    away_now: bool = False
    away_when_due: bool = False

    @property
    def is_owed(self) -> bool:
        """Whether it was asked of the fellow when it was due, and has not been taken back since.

        Nothing is asked of who is on leave.
        """
        asked = self.member_when_due and not self.away_when_due
        return asked and self.assignment.terms.withdrawn is None

    def concerns(self, now: datetime) -> bool:
        """Return whether it concerns a fellow who has not begun it.

        What was taken back does not. Else it concerns, while it is open, who is in the cohort
        today, and then of whom it was asked when it was due.
        """
        if now >= self.assignment.terms.closes:
            return self.is_owed
        return self.member_now and self.assignment.terms.withdrawn is None


@dataclass(frozen=True)
class AttemptFacts:
    """An attempt, as far as it says where its fellow stands.

    `deadline_at` None: its clock stands. `answered` of `items` have an answer, `scored` have a
    credit, `waiting` are yet to be marked by a person. `graded`: the workers are done with it;
    `set_aside`: they gave up. `score` is in basis points. `submitted_at` is when it was handed in,
    `first_closed_at` when that was for the first time, if it goes on since. `abandoned`: its time
    ended before it was, and nothing of it counts.
    """

    attempt_id: int
    number: int
    deadline_at: datetime | None
    answered: int
    items: int
    handed_in: bool = False
    graded: bool = False
    set_aside: bool = False
    score: int | None = None
    scored: int = 0
    waiting: int = 0
    submitted_at: datetime | None = None
    first_closed_at: datetime | None = None
    abandoned: bool = False

    def runs(self, now: datetime) -> bool:
        """Return whether it can go on: it is not handed in, nor is its time over."""
        if self.handed_in or self.abandoned:
            return False
        return self.deadline_at is None or now <= self.deadline_at

    def goes_on(self, terms: Terms, now: datetime) -> bool:
        """Return whether it takes answers, or can be handed in still."""
        return self.runs(now) or self.hand_in_until(terms, now) is not None

    def counts(self, terms: Terms) -> bool:
        """Return whether it is handed in, or will be now that its time is over."""
        if self.abandoned:
            return False
        was_in = self.handed_in or self.first_closed_at is not None
        return was_in or terms.unfinished is Unfinished.HAND_IN

    def hand_in_until(self, terms: Terms, now: datetime) -> datetime | None:
        """Return up to when it can be handed in, though it takes no answer; None: it cannot."""
        if self.deadline_at is None or now <= self.deadline_at or self.abandoned:
            return None
        if self.handed_in or self.first_closed_at is not None:
            return None
        until = terms.handed_in_by(self.deadline_at)
        return until if self.deadline_at < until and now <= until else None


@dataclass(frozen=True)
class Standing:
    """How a fellow stands with an assignment.

    `state`: *done*, an attempt was handed in; else *missed*, it has closed and none runs, as one
    does that was reopened or frozen, or has more time than the reader is told of; instead of that
    *abandoned*, if one was begun, and none can be any more; else *overdue*,
    the due date is past, on which it was asked of the fellow, who had not handed it in by then, and
    is not on leave; else *in progress* or *due*.
    `answered` of `items` is said of the newest attempt, `attempt_id`; `running` is whether that
    one can go on, `graded` whether the workers are done with it, `set_aside` whether they gave
    up, `score` (basis points) what it earned on `scored` items, if any has its credit; `waiting`
    answers are yet to be marked by a person. `attempts` have been begun. `runs_until` is when the
    time of one that is running ends, `hand_in_until` up to when the newest can be handed in, whose
    time is over; `abandoned`: the newest is. `blank_until` is when the newest ends or ended,
    if none has an answer.
    """

    fellow_id: int
    assignment: AssignedQuiz
    state: State
    answered: int
    items: int
    attempts: int
    attempt_id: int | None
    running: bool
    graded: bool = False
    set_aside: bool = False
    score: int | None = None
    scored: int = 0
    waiting: int = 0
    runs_until: datetime | None = None
    hand_in_until: datetime | None = None
    blank_until: datetime | None = None
    abandoned: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether an attempt runs, or is to be handed in."""
        return self.running or self.hand_in_until is not None

    @property
    def open(self) -> bool:
        """Whether an attempt goes on, or one that would count is still to be begun."""
        return self.goes_on or self.state in ("due", "overdue")

    @property
    def share(self) -> Fraction | None:
        """The score as a share, 0 to 1, where it stands on enough items for one."""
        if self.score is None or self.scored < FIGURE:
            return None
        return Fraction(self.score, 10_000)

    @property
    def due(self) -> datetime:
        """When it is due."""
        return self.assignment.terms.due

    @property
    def closes(self) -> datetime:
        """From when on it cannot be taken."""
        return self.assignment.terms.closes

    @property
    def open_until(self) -> datetime | None:
        """Up to when answers were or are waited for; None: it was handed in with some."""
        return self.blank_until if self.state in ("done", "abandoned") else self.closes

    def may_begin(self, now: datetime) -> bool:
        """Return whether another attempt may be begun now."""
        terms = self.assignment.terms
        return terms.opens <= now and terms.may_begin(self.attempts, now)


def standing_of(
    given: GivenQuiz, sittings: Sequence[AttemptFacts], *, size: int, now: datetime
) -> Standing:
    """Return how a fellow stands with an assignment.

    Args:
        given: What, and to whom.
        sittings: The fellow's attempts at it, in their order.
        size: How many items the next attempt would ask.
        now: When it is said.
    """
    newest = sittings[-1] if sittings else None
    terms = given.assignment.terms
    running = newest is not None and newest.runs(now)
    return Standing(
        fellow_id=given.fellow_id,
        assignment=given.assignment,
        state=_state(given, sittings, now=now),
        answered=newest.answered if newest else 0,
        items=newest.items if newest else size,
        attempts=len(sittings),
        attempt_id=newest.attempt_id if newest else None,
        running=running,
        graded=newest is not None and newest.graded,
        set_aside=newest is not None and newest.set_aside,
        score=newest.score if newest else None,
        scored=newest.scored if newest else 0,
        waiting=newest.waiting if newest else 0,
        runs_until=newest.deadline_at if newest and running else None,
        hand_in_until=newest.hand_in_until(terms, now) if newest else None,
        blank_until=_blank_until(sittings, terms.closes),
        abandoned=newest is not None and newest.abandoned,
    )


def _blank_until(sittings: Sequence[AttemptFacts], closes: datetime) -> datetime | None:
    """Return when the newest attempt ends, at the latest as it *closes*, if none has an answer."""
    if not sittings or any(sitting.answered for sitting in sittings):
        return None
    newest = sittings[-1]
    return min(newest.submitted_at or newest.deadline_at or closes, closes)


def _state(given: GivenQuiz, sittings: Sequence[AttemptFacts], *, now: datetime) -> State:
    terms = given.assignment.terms
    newest = sittings[-1] if sittings else None
    running = newest is not None and newest.goes_on(terms, now)
    if any(sitting.handed_in for sitting in sittings):
        return "done"
    if newest and not running and newest.counts(terms):
        return "done"  # its time is up; the sweep hands it in
    if not running and not terms.may_begin(len(sittings), now) and (newest or now >= terms.closes):
        return "abandoned" if newest else "missed"
    if given.away_now:
        return "in progress" if running else "due"
    if given.is_owed and now > given.assignment.terms.due and not _was_in_time(given, sittings):
        return "overdue"
    return "in progress" if running else "due"


def _was_in_time(given: GivenQuiz, sittings: Sequence[AttemptFacts]) -> bool:
    """Return whether an attempt was handed in when it was due, though it goes on since."""
    closed = [each.first_closed_at for each in sittings if each.first_closed_at is not None]
    return any(each <= given.assignment.terms.due for each in closed)
