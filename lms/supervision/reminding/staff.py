"""What those who run the program are to be told now, and were not told yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lms.core.clock import local, say_when
from lms.core.figures import plural
from lms.notices.queries import told_about
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.telling import Telling, key_of
from lms.people.models import Role, User
from lms.people.queries import people_with_one_of
from lms.supervision.reminding import staff_queries
from lms.supervision.reminding.fellows import NEWS, Told
from lms.supervision.reminding.queries import GivenTo
from lms.supervision.reminding.staff_queries import EssaysOfFellow

DUE_WITHIN = timedelta(hours=24)

SETTLED = timedelta(minutes=1)
"""After so long all is written that came at a moment."""

NAMED = 12
"""How many fellows a mail names at most."""

_TO_DIRECTORS = 0
"""What a mail is about that is about no one row."""


def to_staff(given: Sequence[GivenTo], now: datetime) -> list[Told]:
    """Return what is to be told to those who mark, and to directors."""
    people = people_with_one_of([Role.FACULTY, Role.DIRECTOR])
    directors = [each for each in people if Role.DIRECTOR in each.roles]
    return [
        *_not_begun(given, directors, now),
        *_mails_failed(directors, now),
        *_to_look_at(directors, now),
        *_essays(people, now),
    ]


def _not_begun(given: Sequence[GivenTo], directors: Sequence[User], now: datetime) -> list[Told]:
    """Return who has not begun what is due within a day, and was asked of them before that."""
    lacking: dict[tuple[int, datetime], list[GivenTo]] = {}
    for each in given:
        due = each.terms.due
        asked_since = max(each.since, each.back_at or each.since, each.terms.opens)
        if each.owed and not each.begun and asked_since <= due - DUE_WITHIN <= now < due:
            lacking.setdefault((each.assignment_id, due), []).append(each)
    kinds = (QuizOccasion.NOT_BEGUN,)
    known = told_about("assignment", {assignment_id for assignment_id, _ in lacking}, kinds)
    told = [(_say_not_begun(who, to, now), to) for who in lacking.values() for to in directors]
    return [each for each in told if key_of(*each) not in known]


def _say_not_begun(who: Sequence[GivenTo], to: User, now: datetime) -> Telling:
    first, due = who[0], who[0].terms.due
    names = sorted(each.fellow.name for each in who)
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    have = "has" if len(who) == 1 else "have"
    return Telling(
        occasion=QuizOccasion.NOT_BEGUN,
        fact=f"{first.assignment_id}:{due.isoformat()}",
        about=("assignment", first.assignment_id),
        subject=f"{plural(len(who), 'fellow')} {have} not begun “{first.title}”",
        sentences=(
            f"It is due {say_when(due, to.time_zone)}.",
            f"As of {say_when(now, to.time_zone)}: {', '.join([*names[:NAMED], *more])}.",
        ),
        button="See the quiz",
        path=f"/assignments/{first.assignment_id}",
    )


def _mails_failed(directors: Sequence[User], now: datetime) -> list[Told]:
    kind = QuizOccasion.MAILS_FAILED
    since = _told_last(kind, directors, now)
    failed = staff_queries.failed_at(min(since.values(), default=now), now, but=kind)
    return [
        (_say_failed(count, _day(to, now)), to)
        for to in directors
        for count in [sum(at > since[to.id] for at in failed)]
        if count and _is_another_day(to, since[to.id], now)
    ]


def _say_failed(count: int, day: str) -> Telling:
    return Telling(
        occasion=QuizOccasion.MAILS_FAILED,
        fact=day,
        about=("mails", _TO_DIRECTORS),
        subject=f"{plural(count, 'mail')} may not have arrived",
        sentences=(
            "A mail server refused them, or was lost while it took them.",
            "What each says, to whom it goes and what the server answered is under All mails.",
        ),
        button="See the mails",
        path="/records",
    )


def _to_look_at(directors: Sequence[User], now: datetime) -> list[Told]:
    since = _told_last(QuizOccasion.ANSWERS_TO_LOOK_AT, directors, now)
    first, until = min(since.values(), default=now) - SETTLED, now - SETTLED
    late = staff_queries.late_at(first, until)
    refused = staff_queries.refused_at(first, until)
    return [
        (_say_to_look_at(late_count, refused_count, _day(to, now)), to)
        for to in directors
        for late_count in [sum(at > since[to.id] - SETTLED for at in late)]
        for refused_count in [sum(at > since[to.id] - SETTLED for at in refused)]
        if late_count + refused_count and _is_another_day(to, since[to.id], now)
    ]


def _say_to_look_at(late: int, refused: int, day: str) -> Telling:
    said = (
        *((f"{plural(late, 'answer')} came after the attempt was closed.",) if late else ()),
        *((f"{plural(refused, 'answer')} could not be taken as typed.",) if refused else ()),
    )
    want = "wants" if late + refused == 1 else "want"
    return Telling(
        occasion=QuizOccasion.ANSWERS_TO_LOOK_AT,
        fact=day,
        about=("answers", _TO_DIRECTORS),
        subject=f"{plural(late + refused, 'answer')} {want} to be looked at",
        sentences=(*said, "None of them counts unless you decide so."),
        button="See the answers",
        path="/records/attempts" if late else "/records/attempts/refused",
    )


def _told_last(kind: QuizOccasion, people: Sequence[User], now: datetime) -> dict[int, datetime]:
    """Return when each was told last of *kind*; who never was is told what is news."""
    told = staff_queries.last_told(kind, [each.id for each in people])
    return {each.id: told.get((each.id, _TO_DIRECTORS), now - NEWS) for each in people}


def _essays(people: Sequence[User], now: datetime) -> list[Told]:
    """Return where answers wait that came since the person was told, if that was on another day."""
    by_assignment: dict[int, list[EssaysOfFellow]] = {}
    for each in staff_queries.essays_waiting():
        by_assignment.setdefault(each.assignment_id, []).append(each)
    told = staff_queries.last_told(QuizOccasion.ESSAYS_WAIT, [each.id for each in people])
    return [
        (telling, to)
        for waiting in by_assignment.values()
        for to in people
        for telling in [_essays_for(to, waiting, told, now)]
        if telling is not None
    ]


def _essays_for(
    to: User,
    waiting: Sequence[EssaysOfFellow],
    told: Mapping[tuple[int, int], datetime],
    now: datetime,
) -> Telling | None:
    """Return what waits for a person of an assignment, but for the person's own answers."""
    others = [each for each in waiting if each.fellow_id != to.id]
    since = told.get((to.id, waiting[0].assignment_id), now - NEWS)
    newest = max((each.newest for each in others), default=since)
    if newest <= since or not _is_another_day(to, since, now):
        return None
    return _say_essays(others, _day(to, now))


def _say_essays(waiting: Sequence[EssaysOfFellow], day: str) -> Telling:
    first, count = waiting[0], sum(each.count for each in waiting)
    return Telling(
        occasion=QuizOccasion.ESSAYS_WAIT,
        fact=f"{first.assignment_id}:{day}",
        about=("assignment", first.assignment_id),
        subject=f"{plural(count, 'answer')} to “{first.title}” {_wait(count)} to be marked",
        sentences=("Whose answer it is stands nowhere while it is marked.",),
        button="Mark answers",
        path="/marking",
    )


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _day(person: User, moment: datetime) -> str:
    return local(moment, person.time_zone).date().isoformat()


def _is_another_day(person: User, told_at: datetime, now: datetime) -> bool:
    return _day(person, told_at) != _day(person, now)
