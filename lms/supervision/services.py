"""Acts that change the terms of fellows: the row, and the clocks that run, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from lms.attempts import queries, reopening
from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState
from lms.attempts.queries import GRACE
from lms.attempts.retiming import Promised, promised_to, retime
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.grading import ledger
from lms.people.locking import lock_people, locked_person
from lms.people.models import Role, User
from lms.program import allowing
from lms.program.models import Accommodation
from lms.quizzes.assigning import extending
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.models import Assignment, Extension
from lms.quizzes.terms import published
from question_bank.promises import leaves_less
from question_bank.terms import Grant, Terms, terms_for


class LeavesLess(Refusal):
    """Somebody who is answering would lose what is saved, if the time runs out."""

    message = (
        "An attempt is running for which more was promised if its time runs out. "
        "Wait until it is handed in."
    )


class CutsShort(Refusal):
    """Somebody who is answering would lose time."""

    message = (
        "An attempt is running that would lose time by this. Give it at least the time it has, or "
        "wait until it is handed in."
    )


def change_dates(
    actor: User, assignment_id: int, *, terms: AssignmentTerms, reason: str = "", now: datetime
) -> Assignment:
    """Change dates, limit and attempts of an assignment, also for attempts that run.

    These keep the time that they were promised, or are given more, and what is promised if it runs
    out. The audit keeps the *reason*.

    Raises:
        CutsShort: an attempt that runs would end earlier.
        LeavesLess: if its time ended unfinished, less of it would be left.
        NotFound, Refusal, Invalid: see `assigning.change_terms`.
    """
    before = _for_all(assigning.hold(assignment_id))
    begun = queries.running(Attempt.assignment_id == assignment_id)
    promised = promised_to(begun, now=now)
    assignment = assigning.change_terms(actor, assignment_id, terms=terms, reason=reason, now=now)
    _check_kept(promised, promised_to(begun, now=now), now)
    if promised and leaves_less(before, _for_all(assignment)):
        raise LeavesLess
    retime(begun)
    settle_keys(_takers(assignment_id), now=now)
    return assignment


def withdraw(actor: User, assignment_id: int, *, now: datetime) -> None:
    """Take an assignment back; see `assigning.withdraw_assignment`. Keys may open by that."""
    assigning.withdraw_assignment(actor, assignment_id, now=now)
    settle_keys(_takers(assignment_id), now=now)


def extend(
    actor: User, assignment_id: int, fellow_id: int, *, grant: Grant, reason: str, now: datetime
) -> Extension:
    """Grant one fellow more with one assignment, also in an attempt that runs.

    Raises:
        NotFound: no such fellow, or the assignment does not concern the fellow.
        Invalid: see `extending.add_extensions`.
    """
    queries.assignment_for(_hold_fellow(fellow_id), assignment_id, now)
    (row,) = extend_each(actor, assignment_id, [fellow_id], grant=grant, reason=reason, now=now)
    return row


def extend_each(
    actor: User,
    assignment_id: int,
    fellow_ids: Collection[int],
    *,
    grant: Grant,
    reason: str,
    now: datetime,
) -> Sequence[Extension]:
    """Grant fellows, whom the assignment concerns, more with it, also in attempts that run.

    As many statements for many as for one. Errors as of `extending.add_extensions`.
    """
    lock_people(User.id.in_(fellow_ids))
    rows = extending.add_extensions(
        actor, assignment_id, fellow_ids, grant=grant, reason=reason, now=now
    )
    _reset(Attempt.fellow_id.in_(fellow_ids) & (Attempt.assignment_id == assignment_id))
    settle_keys(fellow_ids, now=now)
    return rows


def accommodate(
    actor: User,
    fellow_id: int,
    *,
    percent: int | None,
    days: int = 0,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    now: datetime,
) -> Accommodation:
    """Give a fellow more time, on days of the fellow's zone, also in attempts that run.

    Raises:
        NotFound: no such fellow.
        Invalid: see `allowing.add_accommodation`.
    """
    _hold_fellow(fellow_id)
    row = allowing.add_accommodation(
        actor,
        fellow_id,
        percent=percent,
        days=days,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        now=now,
    )
    _reset(Attempt.fellow_id == fellow_id)
    settle_keys([fellow_id], now=now)
    return row


def end_accommodation(
    actor: User, fellow_id: int, accommodation_id: int, today: date, *, now: datetime
) -> None:
    """Let an accommodation hold on *today*, in the fellow's zone, for the last time.

    What was begun by then keeps its time.

    Raises:
        NotFound: no such fellow, or none such of the fellow.
        CutsShort: an attempt that runs would end earlier, as its window was widened.
        LeavesLess: or one whose time is over could be handed in for shorter.
    """
    _hold_fellow(fellow_id)
    row = db.session.get(Accommodation, accommodation_id)
    if row is None or row.fellow_id != fellow_id:
        raise NotFound
    begun = queries.running(Attempt.fellow_id == fellow_id)
    promised = promised_to(begun, now=now)
    allowing.end_accommodation(actor, row, today, now=now)
    _check_kept(promised, promised_to(begun, now=now), now)
    retime(begun)
    settle_keys([fellow_id], now=now)


def reopen(actor: User, attempt_id: int, *, until: datetime, reason: str, now: datetime) -> None:
    """Let an attempt that was handed in go on; see `reopening.reopen`.

    What was graded stays in the ledger; what is graded then is the next grade of each answer.
    """
    before = reopening.reopen(actor, attempt_id, until=until, reason=reason, now=now)
    if before is AttemptState.GRADED:
        ledger.make_way(attempt_id)
    settle_keys(_fellow_of(attempt_id), now=now)


def _hold_fellow(fellow_id: int) -> User:
    """Return a fellow, who begins no attempt until the transaction ends.

    Who begins one shares this lock, so that each attempt is begun under the new terms, or there to
    be timed anew. Rows that only refer to the fellow can still be made: who hands in holds the
    attempt, which is locked next here, and makes some.
    """
    fellow = locked_person(fellow_id)
    if Role.FELLOW not in fellow.roles:
        raise NotFound("There is no such fellow.")
    return fellow


def _for_all(assignment: Assignment) -> Terms:
    return terms_for(published(assignment), zone="UTC")


def _reset(which: ColumnElement[bool]) -> None:
    retime(queries.running(which))


def _check_kept(
    promised: Mapping[int, Promised], given: Mapping[int, Promised], now: datetime
) -> None:
    """Check that each attempt that is not lost by now is *given* what it was *promised*.

    Raises:
        CutsShort: the time of one, which is not over, would end earlier.
        LeavesLess: one could be handed in for shorter after its time.
    """
    bell = now - GRACE
    pairs = [(old, given[number]) for number, old in promised.items()]
    if any(new.ends < old.ends for old, new in pairs if bell <= old.ends):
        raise CutsShort
    if any(new.kept_until < old.kept_until for old, new in pairs if bell <= old.kept_until):
        raise LeavesLess


def _takers(assignment_id: int) -> Iterable[int]:
    taken = select(Attempt.fellow_id).where(Attempt.assignment_id == assignment_id)
    return db.session.scalars(taken.distinct()).all()


def _fellow_of(attempt_id: int) -> Iterable[int]:
    return db.session.scalars(select(Attempt.fellow_id).where(Attempt.id == attempt_id)).all()
