"""Starting and handing in attempts, and closing late ones; `taking.saving` keeps answers."""

import random
import secrets
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select

from lms.attempts import closing, freezing, queries
from lms.attempts.models import Attempt, AttemptState, Response, Sitting
from lms.attempts.retiming import wind
from lms.cases.models import StoredCase
from lms.cases.queries import parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.doorbell import enqueue
from lms.core.errors import Refusal
from lms.core.inserts import insert_unless_present
from lms.people.locking import lock_people
from lms.people.models import User
from lms.quizzes.assigning.services import note_begun
from lms.quizzes.models import Assignment
from lms.quizzes.queries import places_of
from lms.quizzes.terms import terms_with
from question_bank.case import Case as CaseBody
from question_bank.paper import asked_items, order_of
from question_bank.terms import Terms

_HOLD = (
    select(Assignment.id, User.id)
    .join(User, User.id == bindparam("fellow_id"))
    .where(Assignment.id == bindparam("assignment_id"))
    .with_for_update(read=True)
)

_ASK = insert(cast(Table, Response.__table__))
"""Put together once: building such statements costs more than running them."""


class NotOpen(Refusal):
    """The window has not opened."""

    message = "This quiz has not opened yet."


class WindowClosed(Refusal):
    """The window is over."""

    message = "This quiz has closed, so no attempt can be started. What was handed in is kept."


class Withdrawn(Refusal):
    """The assignment was taken back."""

    message = "This quiz was taken back, so no attempt can be started. What was handed in is kept."


class NoAttemptLeft(Refusal):
    """All attempts are used."""

    message = "There is no attempt left for this quiz. The results are on your home page."


class Frozen(Refusal):
    """Its clock stands."""

    message = (
        "The clock of this attempt is stopped. It can be handed in when the program lets it go on."
    )


class NothingToShow(Refusal):
    """None of the quiz's items can be shown."""

    message = "This quiz has no item that can be shown. Tell the person who assigned it."


def start_attempt(
    fellow: User, assignment_id: int, *, now: datetime, seed: int | None = None
) -> Attempt:
    """Return the fellow's attempt at an assignment that goes on, or else begin the next one.

    One goes on that runs, or whose time is over and which is yet to be handed in.

    The items' present versions and the order of their options are fixed here.

    Args:
        fellow: Who takes the quiz.
        assignment_id: Of a cohort that the fellow is in today, or begun before.
        now: The moment the request arrived.
        seed: 0 to 2^31 - 1; decides the order of options. None: drawn here.

    Raises:
        NotFound: the assignment is not one of the fellow's.
        NotOpen, WindowClosed, Withdrawn: outside the window, or taken back.
        NoAttemptLeft: all attempts are used.
        NothingToShow: no item can be shown.
    """
    assignment = queries.assignment_for(fellow, assignment_id, now)
    note_begun(assignment, now=now)  # a lock that cannot be had once others share the next one
    if _is_to_close(fellow, assignment_id, now):
        _hold_terms_and_fellow(fellow, assignment_id)
        _close_earlier(fellow, assignment_id, now)
    else:
        _hold_terms(fellow, assignment_id)
    earlier = queries.attempts_at(fellow.id, assignment_id)
    if earlier and earlier[-1].state is AttemptState.IN_PROGRESS:
        return earlier[-1]
    terms = _terms_to_start(fellow, assignment, len(earlier), now)
    begun = _insert_attempt(fellow, assignment, len(earlier) + 1, seed, now)
    if begun is None:  # another request was first
        return queries.attempts_at(fellow.id, assignment_id)[-1]
    wind(begun, Sitting(attempt_id=begun.id, number=1, began_at=now), terms)
    _insert_responses(begun, assignment)
    record(
        fellow, "attempt.start", "attempt", begun.id, now=now,
        after={"assignment": assignment_id, "number": begun.number},
    )  # fmt: skip
    return begun


def _is_to_close(fellow: User, assignment_id: int, now: datetime) -> bool:
    """Return whether the last attempt is open, and its time is over or its clock stands."""
    return any(
        last.state is AttemptState.IN_PROGRESS
        and (last.frozen_at is not None or not queries.is_running(last, now))
        for last in queries.attempts_at(fellow.id, assignment_id)[-1:]
    )


def _close_earlier(fellow: User, assignment_id: int, now: datetime) -> None:
    """Close the fellow's last attempt if its time is over; if its clock was to go on, it does."""
    for last in queries.attempts_at(fellow.id, assignment_id)[-1:]:
        if last.frozen_at is not None:
            freezing.resume_due(last.id, now=now)
        if queries.is_running(last, now):
            return
        if close_overdue(last.id, now=now):
            enqueue("attempts.grade", last.id)


def _hold_terms(fellow: User, assignment_id: int) -> None:
    """Wait for who changes the assignment or the fellow's rights, and let nobody, until the commit.

    It comes before any lock of an attempt, as it does for those who change them. Others may begin
    attempts meanwhile.
    """
    db.session.execute(_HOLD, {"fellow_id": fellow.id, "assignment_id": assignment_id})


def _hold_terms_and_fellow(fellow: User, assignment_id: int) -> None:
    """Do the same, where the keys of the fellow may be settled, which nobody else may do then.

    Who shares the fellow's row with others cannot have it alone any more.
    """
    held = select(Assignment.id).where(Assignment.id == assignment_id)
    db.session.execute(held.with_for_update(read=True))
    lock_people(User.id == fellow.id)


def _terms_to_start(fellow: User, assignment: Assignment, used: int, now: datetime) -> Terms:
    terms = terms_with(assignment.id, fellow.id)
    if now < terms.opens:
        raise NotOpen
    if now >= terms.closes:
        raise WindowClosed
    if terms.withdrawn is not None:
        raise Withdrawn
    if used >= terms.attempts:
        raise NoAttemptLeft
    return terms


def _insert_attempt(
    fellow: User, assignment: Assignment, number: int, seed: int | None, now: datetime
) -> Attempt | None:
    """Return the new attempt, or None if (assignment, fellow, number) exists by now.

    Its clock is set by `wind`.
    """
    begun: Attempt | None = db.session.scalar(
        insert_unless_present(
            Attempt,
            assignment_id=assignment.id,
            fellow_id=fellow.id,
            number=number,
            state=AttemptState.IN_PROGRESS,
            started_at=now,
            seed=secrets.randbits(31) if seed is None else seed,
            grade_tries=0,
        ).returning(Attempt)
    )
    return begun


def _insert_responses(attempt: Attempt, assignment: Assignment) -> None:
    chance = random.Random(attempt.seed)  # noqa: S311
    seats = places_of(assignment.quiz_version_id)
    asked = asked_items(
        [(_body(seat.item.case), seat.item.key) for seat in seats], assignment.version.quiz.uses
    )
    if not asked:
        raise NothingToShow
    db.session.execute(
        _ASK,
        [
            {
                "attempt_id": attempt.id,
                "position": position,
                "item_id": row.id,
                "case_version_id": row.case.current_id,
                "topic": row.topic,
                "approach": row.approach,
                "formative": each.item.use == "formative",
                "points": seats[each.seat].points or each.item.points,
                "order": order_of(each.item, chance.shuffle),
                "stage": each.stage,
            }
            for position, each in enumerate(asked, start=1)
            for row in [seats[each.seat].item]
        ],
    )


def _body(case: StoredCase) -> CaseBody | None:
    return None if case.current is None else parsed(case.current)


def submit_attempt(fellow: User, attempt_id: int, *, now: datetime) -> None:
    """Hand in the fellow's attempt with what is saved; nothing happens if it was before.

    If its time is over, it is closed as its quiz says (`closing.run_out`): it may be too late.

    Raises:
        NotFound: there is no such attempt of this fellow.
        Frozen: its clock stands.
    """
    handed_in = closing.hand_in(fellow.id, attempt_id, now=now)
    if not handed_in and freezing.resume_due(attempt_id, now=now):
        handed_in = closing.hand_in(fellow.id, attempt_id, now=now)
    if not handed_in:
        attempt = queries.attempt_of(fellow.id, attempt_id)
        if attempt.frozen_at is not None:
            raise Frozen
        ended = closing.run_out(attempt_id, asked=True, now=now)
        handed_in = ended is AttemptState.SUBMITTED
        _note_abandoned(attempt_id, ended, now)
    if handed_in:
        record(fellow, "attempt.submit", "attempt", attempt_id, now=now)
        enqueue("attempts.grade", attempt_id)


def close_overdue(attempt_id: int, *, now: datetime) -> bool:
    """Close an attempt whose time is over as its quiz says; return whether this call did it."""
    ended = closing.run_out(attempt_id, now=now)
    if ended is AttemptState.SUBMITTED:
        record(None, "attempt.expire", "attempt", attempt_id, now=now)
    _note_abandoned(attempt_id, ended, now)
    return ended is not None


def _note_abandoned(attempt_id: int, ended: AttemptState | None, now: datetime) -> None:
    if ended is AttemptState.ABANDONED:
        record(None, "attempt.abandon", "attempt", attempt_id, now=now)
