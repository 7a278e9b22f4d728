"""Which keys wait although terms would let fellows read them, since the same is asked elsewhere.

This is the one place that decides it. Whoever shows a key to a fellow, or to a mentor what a fellow
missed, asks here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, func, select

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import ItemEdition
from lms.core.clock import at
from lms.core.db import db
from lms.exposure.models import Edition
from lms.people.models import User
from lms.program.models import Membership
from lms.quizzes.models import Assignment, QuizItem
from lms.quizzes.queries import concerning
from lms.quizzes.terms import terms_of
from lms.results.asked import (
    AskedBefore,
    Items,
    Key,
    asked_before,
    asked_today,
    items_of,
    keys_of,
    keys_to_others,
)
from question_bank.release import Asking, readable_at
from question_bank.terms import Terms

ANYBODY = 0
"""The id of no person: what is told to anybody shows no accommodation, not even to who has it."""

_FELLOWS: BindParameter[int] = bindparam("fellow_ids", expanding=True)

_TAKEN = (
    select(
        Attempt.assignment_id,
        Attempt.fellow_id,
        func.count().label("begun"),
        func.count().filter(Attempt.state == AttemptState.IN_PROGRESS).label("running"),
        func.min(Attempt.started_at).label("first_at"),
        func.max(func.coalesce(Attempt.submitted_at, Attempt.deadline_at)).label("last_at"),
    )
    .where(Attempt.fellow_id.in_(_FELLOWS))
    .group_by(Attempt.assignment_id, Attempt.fellow_id)
    .subquery()
)

_CONCERNED = concerning(
    _FELLOWS,
    Assignment.id,
    Assignment.created_at,
    User.id,
    User.time_zone,
    Membership.starts_on,
    Membership.ends_on,
    _TAKEN.c.begun,
    _TAKEN.c.running,
    _TAKEN.c.first_at,
    _TAKEN.c.last_at,
).outerjoin(_TAKEN, and_(_TAKEN.c.assignment_id == Assignment.id, _TAKEN.c.fellow_id == User.id))
"""What was ever assigned to fellows, by a membership or by name, with what was made of it."""


_Asked = list[tuple[int, Asking]]
"""Which assignments, by their ids, ask an edition of a fellow, and how."""


class _Way(NamedTuple):
    """That an assignment concerns a fellow, and what the fellow has made of it.

    It does from `starts_on` to `ends_on` in a cohort; both are None where it does so by name.
    """

    assignment_id: int
    assigned_at: datetime
    fellow_id: int
    zone: str
    starts_on: date | None
    ends_on: date | None
    begun: int | None
    running: int | None
    first_at: datetime | None
    last_at: datetime | None

    def since(self) -> datetime:
        """Return when the quiz came to concern the fellow."""
        if self.starts_on is None:
            return self.assigned_at
        return max(self.assigned_at, at(self.starts_on, time(), self.zone))


@dataclass(frozen=True)
class _Quiz:
    """An assignment as it asks a fellow: what may still be begun, and what has been taken."""

    assignment_id: int
    fellow_id: int
    to_begin: tuple[Asking, ...]
    taken: tuple[Asking, ...]

    @property
    def goes_on(self) -> bool:
        return any(each.until is None for each in (*self.to_begin, *self.taken))


def withheld(fellow_ids: Iterable[int], *, now: datetime) -> frozenset[Edition]:
    """Return the editions whose key waits for each of the fellows, in at most six statements.

    It waits while an attempt that asks the same runs, or can still be begun, unless the key could
    be read before the fellow was assigned that one. Nor does it wait for another attempt at the
    quiz whose terms have let it be read: that was given after they had.
    """
    quizzes = _quizzes(list(fellow_ids), now)
    going = {each.assignment_id for each in quizzes if each.goes_on}
    if not going:
        return frozenset()
    items = items_of(going)
    askings = _askings(quizzes, items, _was_asked(quizzes, items))
    keys = keys_of(askings)
    return frozenset(
        edition
        for edition, asked in askings.items()
        if any(asking.until is None for _, asking in asked)
        if edition not in keys or _reading(keys[edition], asked, now) is None
    )


def readings(
    fellow_ids: Iterable[int], *, now: datetime, told_to: int | None = None
) -> dict[Edition, datetime | None]:
    """Return from when on each fellow can read the keys of what several quizzes ask.

    None: the key waits (see `withheld`), or nothing settles it as yet. An edition that is not in
    it is not asked twice: its key can be read when terms let it. At most ten statements, and
    four where no quizzes of theirs ask the same.

    Args:
        fellow_ids: Of whom.
        now: When it is said.
        told_to: The reader whom it is told to: of other fellows it is said when they could read
            the keys with the widest window there is; `ANYBODY`: of all. None: the fellows
            themselves.
    """
    quizzes = _quizzes(list(fellow_ids), now, told_to)
    several = func.count(Assignment.id.distinct()) > 1
    items = items_of({each.assignment_id for each in quizzes})
    shared = db.session.scalars(items.group_by(QuizItem.item_id).having(several)).all()
    if not shared:  # and what is counted is counted once, whatever plan a database makes
        return {}
    was_asked = _was_asked(quizzes, shared)
    askings = _askings(quizzes, shared, was_asked)
    keys = keys_of(each for each in askings if told_to in (None, each[0]))
    others = {(q.assignment_id, q.fellow_id) for q in quizzes if told_to not in (None, q.fellow_id)}
    keys |= keys_to_others(others, was_asked)
    return {
        edition: _reading(keys[edition], asked, now) if edition in keys else None
        for edition, asked in askings.items()
    }


def _reading(key: Key, asked: _Asked, now: datetime) -> datetime | None:
    """Return from when on a key can be read; None: it waits."""
    return readable_at(
        key.opens,
        [
            asking
            for assignment_id, asking in asked
            if key.opens > now or assignment_id != key.assignment_id
        ],
    )


def items_withheld(attempt: Attempt, *, now: datetime) -> frozenset[int]:
    """Return the ids of the items of *attempt* whose keys wait for its fellow. See `withheld`."""
    found = _waiting_in([attempt.id], attempt.fellow_id, now)
    return frozenset(item_id for _, item_id, waits in found if waits)


def partly_withheld(attempt_ids: Iterable[int], fellow_id: int, *, now: datetime) -> frozenset[int]:
    """Return which of a fellow's attempts ask both what waits and what does not.

    The score of all their items would tell, beside the others, of those that wait.
    """
    found = _waiting_in(attempt_ids, fellow_id, now)
    some = {attempt_id for attempt_id, _, waits in found if waits}
    return frozenset(some & {attempt_id for attempt_id, _, waits in found if not waits})


def _waiting_in(
    attempt_ids: Iterable[int], fellow_id: int, now: datetime
) -> list[tuple[int, int, bool]]:
    """Return attempt, item, and whether its key waits; nothing if no key of the fellow's does."""
    waits = withheld([fellow_id], now=now)
    if not waits:
        return []
    rows = db.session.execute(
        select(Response.attempt_id, ItemEdition.item_id, ItemEdition.edition)
        .join(ItemEdition, ASKS)
        .where(Response.attempt_id.in_(attempt_ids))
    )
    return [(row[0], row[1], (fellow_id, row[1], row[2]) in waits) for row in rows]


def _quizzes(fellow_ids: Sequence[int], now: datetime, told_to: int | None = None) -> list[_Quiz]:
    ways = [_Way(*row) for row in db.session.execute(_CONCERNED, {"fellow_ids": fellow_ids})]
    terms = terms_of({(way.assignment_id, way.fellow_id) for way in ways})
    return [
        _quiz(way, terms[way.assignment_id, way.fellow_id], now, own=own)
        for way in ways
        for own in [told_to in (None, way.fellow_id)]
    ]


def _quiz(way: _Way, terms: Terms, now: datetime, *, own: bool) -> _Quiz:
    """Return how a quiz asks; not the *own*: as if it was begun when assigned, for who is told."""
    since = way.since()
    taken = _taken(way, since, own=own)
    window = _window(way, since, terms.closes if own else terms.results, terms.withdrawn, now)
    if taken is not None and (way.begun or 0) >= terms.attempts:
        window = None
        taken = Asking(min(since, taken.since), taken.until)
    return _Quiz(
        way.assignment_id,
        way.fellow_id,
        to_begin=() if window is None else (window,),
        taken=() if taken is None else (taken,),
    )


def _taken(way: _Way, since: datetime, *, own: bool) -> Asking | None:
    if way.first_at is None:
        return None
    return Asking(way.first_at if own else since, None if way.running else way.last_at)


def _window(
    way: _Way, since: datetime, closes: datetime, withdrawn: datetime | None, now: datetime
) -> Asking | None:
    """Return from when until when an attempt can be begun; None: there is no such time.

    Who has begun it, can begin it again after leaving the cohort.
    """
    ends = [closes, withdrawn]
    if not way.begun and way.ends_on is not None:
        ends.append(at(way.ends_on + timedelta(days=1), time(), way.zone))
    end = min(each for each in ends if each is not None)
    return Asking(since, None if now < end else end) if since < end else None


def _was_asked(quizzes: Sequence[_Quiz], items: Items) -> AskedBefore:
    return asked_before({(each.assignment_id, each.fellow_id) for each in quizzes}, items)


def _askings(
    quizzes: Sequence[_Quiz], items: Items, was_asked: AskedBefore
) -> dict[Edition, _Asked]:
    """Return how those quizzes ask *items*, edition by edition."""
    now_asked = asked_today({each.assignment_id for each in quizzes if each.to_begin}, items)
    found: dict[Edition, _Asked] = {}
    for each in quizzes:
        pair = (each.assignment_id, each.fellow_id)
        for askings, asked in (
            (each.to_begin, now_asked.get(each.assignment_id, ())),
            (each.taken, was_asked.get(pair, ())),
        ):
            of = [(each.assignment_id, asking) for asking in askings]
            for item_id, edition in asked:
                found.setdefault((each.fellow_id, item_id, edition), []).extend(of)
    return found
