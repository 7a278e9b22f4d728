"""Granting fellows more with an assignment, and telling those for whom that changes something."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, tell_each
from lms.people.locking import lock_people
from lms.people.models import User
from lms.quizzes import queries
from lms.quizzes.assigning import extending
from lms.supervision import services as acts
from lms.supervision.dates.wording import said_to_fellow
from lms.supervision.takers import Taker, takers
from question_bank.promises import Shift, shifts
from question_bank.terms import Grant


@dataclass(frozen=True)
class Extended:
    """A fellow before an extension and after it, and what it changes; maybe nothing."""

    before: Taker
    after: Taker
    shifts: Sequence[Shift]


def grant_more(
    actor: User,
    assignment_id: int,
    fellow_id: int | None,
    *,
    grant: Grant,
    reason: str,
    now: datetime,
) -> list[Extended]:
    """Grant one fellow, or all whom an assignment concerns (None), more than all have.

    Who was granted as much already gets no second row of it.

    Raises:
        NotFound: no such assignment, or it does not concern the fellow.
        Invalid: it is withdrawn; or see `extending.add_extensions`.
    """
    given = queries.assignment_by_id(assignment_id)
    if given.withdrawn_at is not None:
        raise Invalid("This assignment is withdrawn, so nothing can be granted with it.")
    meant = {
        each.id for each in takers(assignment_id, now) if fellow_id is None or each.id == fellow_id
    }
    if not meant:
        raise NotFound("The assignment concerns no such fellow.")
    lock_people(User.id.in_(meant))
    before = [each for each in takers(assignment_id, now, held=True) if each.id in meant]
    wanting = meant - extending.granted_so(assignment_id, grant)
    if wanting:
        acts.extend_each(actor, assignment_id, wanting, grant=grant, reason=reason, now=now)
    after = {each.id: each for each in takers(assignment_id, now, held=True)}
    return [
        Extended(each, after[each.id], shifts(each.place, after[each.id].place, now))
        for each in before
    ]


def tell(
    assignment_id: int, title: str, done: Collection[Extended], *, reason: str, now: datetime
) -> None:
    """Tell the fellows for whom an extension changes something."""
    told = {each.after.id: each for each in done if each.shifts}
    people = db.session.scalars(select(User).where(User.id.in_(told)))
    letters = [
        (_letter(assignment_id, title, told[each.id], reason.strip(), now), each) for each in people
    ]
    tell_each(letters, now=now)


def _letter(assignment_id: int, title: str, one: Extended, reason: str, now: datetime) -> Telling:
    places = (one.before.place, one.after.place)
    said = said_to_fellow(title, one.shifts, places, zone=one.after.zone, now=now)
    return Telling(
        occasion=QuizOccasion.QUIZ_EXTENDED,
        fact=f"{assignment_id}:{now.isoformat()}",
        about=("assignment", assignment_id),
        subject=f"You are given more for “{title}”",
        sentences=(*said, f"Reason: {reason}"),
        button="Go on" if one.after.place.runs else "Look at the quiz",
        path=f"/assignments/{assignment_id}/begin",
    )
