"""Whom an assignment concerns, and how far each is with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.attempts.models import Attempt, AttemptState
from lms.attempts.retiming import ends_of
from lms.core.clock import local
from lms.core.db import db
from lms.people.models import User
from lms.program.models import Membership
from lms.quizzes.models import Assignment
from lms.quizzes.queries import concerned
from lms.quizzes.terms import terms_of
from question_bank.promises import Standpoint
from question_bank.terms import Terms


@dataclass(frozen=True)
class Taker:
    """A fellow whom an assignment concerns, in the own zone, and how far the fellow is with it.

    `handed_in`: an attempt was, be it that another one runs. `answering` is the attempt that runs.
    """

    id: int
    name: str
    zone: str
    place: Standpoint
    handed_in: bool = False
    answering: int | None = None


def takers(
    assignment_id: int, now: datetime, *, told_to: int | None = None, held: bool = False
) -> list[Taker]:
    """Return the fellows whom an assignment concerns now or will, or who have begun it, by name.

    Who cannot sign in is not among them. At most ten statements, however many there are.

    Args:
        assignment_id: Of which assignment.
        now: When it is said.
        told_to: The reader whom it is told to: of accommodations none counts but the reader's
            own. None: nobody is told, all count.
        held: For who changes terms: what runs is locked, and of an attempt whose clock stands its
            time is said to end when it would if it went on now.
    """
    taken = _attempts(assignment_id)
    people = _people(assignment_id, taken, now)
    terms = terms_of([(assignment_id, each.id) for each in people], told_to=told_to)
    running = [own[-1] for own in taken.values() if own[-1].state is AttemptState.IN_PROGRESS]
    ends = {each.id: each.deadline_at for each in running if each.deadline_at is not None}
    if held:
        ends = ends_of([each.id for each in running], now=now)
    return [
        _taker(each, terms[assignment_id, each.id], taken.get(each.id, []), ends) for each in people
    ]


def _taker(person: User, terms: Terms, own: list[Attempt], ends: Mapping[int, datetime]) -> Taker:
    runs = bool(own) and own[-1].state is AttemptState.IN_PROGRESS
    place = Standpoint(terms, len(own), runs, ends.get(own[-1].id) if runs else None)
    return Taker(
        id=person.id,
        name=person.name,
        zone=person.time_zone,
        place=place,
        handed_in=any(each.state.is_in for each in own),
        answering=own[-1].id if runs else None,
    )


def _attempts(assignment_id: int) -> dict[int, list[Attempt]]:
    """Return the attempts at an assignment by fellow, each fellow's in their order."""
    found: dict[int, list[Attempt]] = {}
    rows = db.session.scalars(
        select(Attempt)
        .where(Attempt.assignment_id == assignment_id)
        .order_by(Attempt.number)
        .execution_options(populate_existing=True)
    )
    for each in rows:
        found.setdefault(each.fellow_id, []).append(each)
    return found


def _people(assignment_id: int, taken: Mapping[int, object], now: datetime) -> list[User]:
    ways = db.session.execute(concerned(User, Membership).where(Assignment.id == assignment_id))
    meant = {user for user, way in ways if _lasts(way, user, now)}
    begun = db.session.scalars(select(User).where(User.id.in_(list(taken))))
    able = [each for each in meant | set(begun) if each.disabled_at is None]
    return sorted(able, key=lambda each: (each.name, each.id))


def _lasts(way: Membership | None, user: User, now: datetime) -> bool:
    if way is None or way.ends_on is None:
        return True
    return way.ends_on >= local(now, user.time_zone).date()
