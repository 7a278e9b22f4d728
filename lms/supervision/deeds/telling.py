"""What a reader is told of what was done with an assignment, the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lms.core.figures import plural
from lms.notices.queries import count_told
from lms.people.models import User
from lms.quizzes.assigning.extending import granted
from lms.quizzes.models import Assignment
from lms.quizzes.terms import published
from lms.supervision.access import sees_all
from lms.supervision.deeds import queries, wording

FOR_ALL = ("quiz.assign", "assignment.change", "assignment.widen", "quiz.withdraw")
"""What is done to all alike: everybody who sees the page is told of it."""

_OF_SOME = ("assignment.message", "answers.export")
"""What tells of single fellows: how far they are, or that somebody had a reason."""


@dataclass(frozen=True)
class DoneLine:
    """One thing that was done, in a sentence; `notes` say more, `aside` stands after its moment."""

    at: datetime
    says: str
    notes: tuple[str, ...] = ()
    aside: str = ""


def done_with(given: Assignment, reader: User) -> list[DoneLine]:
    """Return what was done with an assignment, as *reader* may know it, the newest first.

    To faculty nothing is told of single fellows, and no reason: each could tell who has more time.
    For directors it takes six statements, for others one.
    """
    if not sees_all(reader):
        deeds = queries.done_to_all(given.id, FOR_ALL)
        return list(_to_all(deeds, _audiences(given), reader.time_zone))
    told = count_told("assignment", given.id)
    lines = [*_for_directors(given, reader.time_zone)]
    lines.sort(key=lambda each: each.at, reverse=True)
    return [
        replace(each, aside=each.aside or _told(told.get(each.at, 0)))
        for each in lines[: queries.MOST]
    ]


def _for_directors(given: Assignment, zone: str) -> Iterator[DoneLine]:
    deeds = queries.done_to_all(given.id, FOR_ALL + _OF_SOME)
    yield from _to_all(deeds, _audiences(given) | _fellows(deeds), zone, reasons=True)
    for more in granted(given.id, most=queries.MOST):
        yield _line(more.at, wording.say_granted(more, zone), f"Reason: {more.reason}")
    for still in queries.stood_still(given.id):
        within = wording.say_within_policy(still, published(given).freezes)
        why = "" if still.own else f"Reason: {still.reason}"
        yield replace(_line(still.at, wording.say_stood_still(still, zone), why), aside=within)
    for again in queries.went_on_again(given.id):
        yield _line(again.at, wording.say_went_on_again(again, zone), f"Reason: {again.reason}")


def _to_all(
    deeds: list[queries.DeedForAll],
    whom: Mapping[tuple[str, int], str],
    zone: str,
    *,
    reasons: bool = False,
) -> Iterator[DoneLine]:
    for deed in deeds:
        says, notes = wording.say_done_to_all(deed, whom, zone)
        reason = deed.after.get("reason") if reasons else None
        yield _line(deed.at, says, *notes, f"Reason: {reason}" if reason else "")


def _line(at: datetime, says: str, *notes: str) -> DoneLine:
    return DoneLine(at, says, tuple(each for each in notes if each))


def _told(count: int) -> str:
    return f"Told to {plural(count, 'fellow')}." if count else ""


def _audiences(given: Assignment) -> dict[tuple[str, int], str]:
    """Return whom an assignment concerns, by what the trail calls them."""
    named = {}
    for each in given.audiences:
        if each.cohort_id is not None:
            named["cohort", each.cohort_id] = each.name
        if each.fellow_id is not None:
            named["fellow", each.fellow_id] = each.name
    return named


def _fellows(deeds: list[queries.DeedForAll]) -> dict[tuple[str, int], str]:
    ids = {deed.after["fellow"] for deed in deeds if "fellow" in deed.after}
    return {("fellow", number): name for number, name in queries.names_of(ids).items()}
