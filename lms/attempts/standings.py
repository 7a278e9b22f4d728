"""How fellows stand with what was assigned to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from sqlalchemy import Result, func, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import User
from lms.attempts.models import Attempt, AttemptState, Response
from lms.core.clock import local
from lms.core.db import db
from lms.program.models import Cohort, Membership
from lms.quizzes.models import Assignment, QuizVersion
from lms.quizzes.queries import sizes
from question_bank.scoring import FIGURE

State = Literal["due", "in progress", "overdue", "done", "missed"]


@dataclass(frozen=True)
class Standing:
    """How a fellow stands with an assignment.

    `state`: *done*, an attempt was handed in; else *missed*, it has closed; else *overdue*, the
    due date is past, on which it was asked of the fellow; else *in progress* or *due*.
    `answered` of `items` is said of the newest attempt, `attempt_id`; `running` is whether that
    one can go on, `graded` whether the workers are done with it, `set_aside` whether they gave
    up, `score` (basis points) what it earned on `scored` items, if any has its credit; `waiting`
    answers are yet to be marked by a person. `attempts` have been begun; the first, which counts,
    was graded at `first_graded_at`. `runs_until` is when the time of one that is running ends.
    """

    fellow_id: int
    assignment: Assignment
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
    first_graded_at: datetime | None = None
    runs_until: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether an attempt runs, or the first is still to be begun."""
        return self.running or self.state in ("due", "overdue")

    @property
    def share(self) -> Fraction | None:
        """The score as a share, 0 to 1, where it stands on enough items for one."""
        if self.score is None or self.scored < FIGURE:
            return None
        return Fraction(self.score, 10_000)

    @property
    def due_at(self) -> datetime:
        """When it is due."""
        return self.assignment.due_at

    @property
    def closes_at(self) -> datetime:
        """From when on it cannot be taken."""
        return self.assignment.closes_at


@dataclass(frozen=True)
class _Sitting:
    id: int
    number: int
    state: AttemptState
    deadline_at: datetime
    score: int | None
    answered: int
    items: int
    scored: int
    waiting: int
    graded_at: datetime | None
    flagged_at: datetime | None


def standings(fellow_ids: Iterable[int], now: datetime) -> list[Standing]:
    """Return how fellows stand with all that has opened for them, by due date.

    What a fellow has begun stays the fellow's. What has not been begun, and was not taken back,
    concerns while it is open who is in the cohort today, and then who was in it when it was due.
    It concerns nobody while none of its items can be asked.

    Three statements, however many there are. Version with quiz, and cohort, are loaded.
    """
    fellows = list(fellow_ids)
    sittings = _sittings(fellows)
    given: dict[tuple[Assignment, int], tuple[bool, bool]] = {}
    for assignment, membership, zone in _opened(fellows, now):
        pair = (assignment, membership.fellow_id)
        concerned, owes = given.get(pair, (False, False))
        given[pair] = (
            concerned or _concerns(assignment, membership, zone, now),
            owes or _owes(assignment, membership, zone),
        )
    asked = sizes({assignment.quiz_version_id for assignment, _ in given})
    return [
        _standing(fellow_id, assignment, found, asked.get(assignment.quiz_version_id, 0), owes, now)
        for (assignment, fellow_id), (concerned, owes) in given.items()
        if (found := sittings.get((fellow_id, assignment.id), []))
        or (concerned and assignment.quiz_version_id in asked)
    ]


def _opened(fellow_ids: list[int], now: datetime) -> Result[Assignment, Membership, str]:
    """Return what has opened for each cohort that a fellow was ever in, and the fellow's zone."""
    return db.session.execute(
        select(Assignment, Membership, User.time_zone)
        .join(Membership, Membership.cohort_id == Assignment.cohort_id)
        .join(User, User.id == Membership.fellow_id)
        .where(Membership.fellow_id.in_(fellow_ids), Assignment.opens_at <= now)
        .options(
            joinedload(Assignment.version).joinedload(QuizVersion.quiz),
            joinedload(Assignment.cohort).joinedload(Cohort.track),
        )
        .order_by(Assignment.due_at, Assignment.id, Membership.fellow_id)
    )


def _concerns(assignment: Assignment, membership: Membership, zone: str, now: datetime) -> bool:
    asked_of = now if now < assignment.closes_at else assignment.due_at
    return assignment.withdrawn_at is None and membership.covers(local(asked_of, zone).date())


def _owes(assignment: Assignment, membership: Membership, zone: str) -> bool:
    """Whether it was asked of the fellow when it was due, and has not been taken back since."""
    on = local(assignment.due_at, zone).date()
    return assignment.withdrawn_at is None and membership.covers(on)


def _sittings(fellow_ids: list[int]) -> dict[tuple[int, int], list[_Sitting]]:
    rows = db.session.execute(
        select(
            Attempt.fellow_id,
            Attempt.assignment_id,
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.deadline_at,
            Attempt.score,
            func.count(Response.answer),
            func.count(Response.id),
            func.count(Response.credit_num),
            func.count(Response.id).filter(Response.waits.is_(True)),
            Attempt.graded_at,
            Attempt.flagged_at,
        )
        .outerjoin(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.fellow_id.in_(fellow_ids))
        .group_by(Attempt.id)
        .order_by(Attempt.number)
    )
    found: dict[tuple[int, int], list[_Sitting]] = {}
    for fellow_id, assignment_id, *sitting in rows:
        found.setdefault((fellow_id, assignment_id), []).append(_Sitting(*sitting))
    return found


def _standing(
    fellow_id: int,
    assignment: Assignment,
    sittings: list[_Sitting],
    size: int,
    owes: bool,
    now: datetime,
) -> Standing:
    newest = sittings[-1] if sittings else None
    running = (
        newest is not None
        and newest.state is AttemptState.IN_PROGRESS
        and now <= newest.deadline_at
    )
    return Standing(
        fellow_id=fellow_id,
        assignment=assignment,
        state=_state(assignment, sittings, running=running, owes=owes, now=now),
        answered=newest.answered if newest else 0,
        items=newest.items if newest else size,
        attempts=len(sittings),
        attempt_id=newest.id if newest else None,
        running=running,
        graded=newest is not None and newest.state is AttemptState.GRADED,
        set_aside=newest is not None and newest.flagged_at is not None,
        score=newest.score if newest else None,
        scored=newest.scored if newest else 0,
        waiting=newest.waiting if newest else 0,
        runs_until=newest.deadline_at if newest and running else None,
        first_graded_at=next((each.graded_at for each in sittings if each.number == 1), None),
    )


def _state(
    assignment: Assignment,
    sittings: list[_Sitting],
    *,
    running: bool,
    owes: bool,
    now: datetime,
) -> State:
    if any(sitting.state is not AttemptState.IN_PROGRESS for sitting in sittings):
        return "done"
    if sittings and not running:
        return "done"  # its time is up; the sweep hands it in
    if now >= assignment.closes_at:
        return "missed"
    if owes and now > assignment.due_at:
        return "overdue"
    return "in progress" if running else "due"
