"""What who supervises an assignment may see of it. This is the one place that decides it.

Directors see everything. To faculty nothing may tell who has more time: of each fellow they see
whether the quiz is in, and of what is in how many items have an answer. When somebody began, how
long it took, what is left and that somebody answers now would tell it, beside the limit for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms.attempts.secrecy import readable_keys
from lms.people.models import Role, User
from lms.quizzes.models import Assignment
from lms.supervision import wording
from lms.supervision.itemwise import NAMED, ItemOutcome, outcomes
from lms.supervision.watching import TakenAttempt, Watched, watched
from question_bank.whereabouts import ORDER, Whereabouts

ENOUGH = NAMED
"""So many must have handed in before faculty see results by item."""


@dataclass(frozen=True)
class FellowLine:
    """One fellow in the list of who is where. `time` and `seen` are empty for faculty.

    `may_begin`: nothing was begun yet. `may_extend`: more can be granted. `attempt_id`: the newest
    attempt, which `runs`, or `is_over`; all for directors. `handed_in`: one was, be it that another
    one runs. `to_mark`: answers of it wait for a person.
    """

    fellow_id: int
    name: str
    state: str
    kind: str = ""
    icon: str = ""
    answered: str = ""
    time: str = ""
    seen: str = ""
    may_begin: bool = False
    attempt_id: int | None = None
    runs: bool = False
    is_over: bool = False
    handed_in: bool = False
    to_mark: bool = False
    may_extend: bool = False


def sees_all(reader: User) -> bool:
    """Return whether *reader*, roles loaded, sees who has begun and what time is left."""
    return Role.DIRECTOR in reader.roles


def sees_items(reader: User, handed_in: int) -> bool:
    """Return whether *reader* sees how items went once so many have handed in."""
    return handed_in > 0 and (sees_all(reader) or handed_in >= ENOUGH)


def lines_for(reader: User, assignment_id: int, now: datetime) -> list[FellowLine]:
    """Return who is where with an assignment, as *reader* may see it.

    For directors in the order of what may need help; for faculty in that of names.
    """
    if sees_all(reader):
        found = watched(assignment_id, now)
        ordered = sorted(found, key=lambda each: ORDER.index(each.where))
        return [_in_full(each, reader.time_zone, now) for each in ordered]
    return _in_short(watched(assignment_id, now, told_to=reader.id))


@dataclass(frozen=True)
class ItemsTold:
    """How the items went, as a reader may see it: the lowest first.

    Of `kept` items nothing is told, since the reader may be asked them. `enough`: so many have
    handed in that it is told at all.
    """

    outcomes: tuple[ItemOutcome, ...]
    kept: int
    handed_in: int
    enough: bool


def items_for(reader: User, given: Assignment, handed_in: int, now: datetime) -> ItemsTold:
    """Return how the items of an assignment went, as far as *reader* may see it."""
    if not sees_items(reader, handed_in):
        return ItemsTold((), 0, handed_in, enough=False)
    found = outcomes(given.id, given.quiz_version_id)
    readable = readable_keys(reader, {each.case_id for each in found}, now)
    told = tuple(each for each in found if each.case_id in readable)
    return ItemsTold(told, len(found) - len(told), handed_in, enough=True)


def count_in(lines: Sequence[FellowLine]) -> int:
    """Return how many have handed in."""
    return sum(line.handed_in for line in lines)


def marks_wait(lines: Sequence[FellowLine], *, over: bool) -> bool:
    """Return whether only marks are lacking: all is in, or it is *over*, and answers wait."""
    done = over or all(line.handed_in for line in lines)
    return done and any(line.to_mark for line in lines)


def not_begun(found: Sequence[Watched]) -> list[Watched]:
    """Return who has not begun yet, and still can."""
    return [each for each in found if each.where is Whereabouts.NOT_BEGUN]


def _in_full(each: Watched, zone: str, now: datetime) -> FellowLine:
    kind, icon = wording.SIGNS[each.where]
    return FellowLine(
        fellow_id=each.fellow_id,
        name=each.name,
        state=each.where.value,
        kind=kind,
        icon=icon,
        answered=wording.say_answered(each.newest),
        time=wording.say_time_of(each, zone, now),
        seen=wording.say_seen(each.seen_at, zone, now),
        may_begin=each.where is Whereabouts.NOT_BEGUN,
        may_extend=not each.where.is_over and each.standing.assignment.terms.withdrawn is None,
        attempt_id=each.newest.attempt_id if each.newest else None,
        runs=each.where.runs,
        is_over=each.where.is_over,
        handed_in=each.handed_in is not None,
        to_mark=_waits(each),
    )


def _in_short(found: Sequence[Watched]) -> list[FellowLine]:
    """Return the same for faculty: nothing but what is in."""
    return [_only_what_is_in(each) for each in found]


def _only_what_is_in(each: Watched) -> FellowLine:
    taken = each.handed_in
    if each.abandoned and each.where is Whereabouts.ABANDONED:
        return _lost(each, each.abandoned)
    if taken is None:
        return FellowLine(each.fellow_id, each.name, "Not in yet", icon="ring")
    where = Whereabouts.GRADED if taken.graded and not taken.waiting else Whereabouts.HANDED_IN
    kind, icon = wording.SIGNS[where]
    said = wording.say_answered(taken)
    line = FellowLine(each.fellow_id, each.name, where.value, kind, icon, said, handed_in=True)
    return replace(line, to_mark=_waits(each))


def _waits(each: Watched) -> bool:
    return each.handed_in is not None and each.handed_in.graded and bool(each.handed_in.waiting)


def _lost(each: Watched, taken: TakenAttempt) -> FellowLine:
    kind, icon = wording.SIGNS[Whereabouts.ABANDONED]
    said = wording.say_answered(taken)
    return FellowLine(each.fellow_id, each.name, Whereabouts.ABANDONED.value, kind, icon, said)
