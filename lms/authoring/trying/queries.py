"""What can be tried out, from the bank and from quizzes."""

import hashlib
from collections.abc import Collection

from lms.authoring.trying.trials import Tried, TriedCase, TriedItem, whole_case
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import shown, versions_of
from lms.cases.signing import signed_cases
from lms.quizzes.models import Quiz, QuizItem
from question_bank.case import Case
from question_bank.paper import asked_items


def version_to_try(version: CaseVersion) -> Tried:
    """Return a version of a case to be tried out, in one statement.

    Raises:
        InvalidCase: its body is damaged.
    """
    signed = any(each.id == version.id and each.signed for each in versions_of(version.case_id))
    return whole_case(shown(version), mark=f"version {version.id}", signed=signed)


def quiz_to_try(quiz: Quiz, places: Collection[QuizItem]) -> Tried:
    """Return the newest version of a quiz, which has *places*, to be tried out; in one statement.

    It asks what an attempt begun now would ask, and counts what that would count.
    """
    seats = list(places)
    bodies = {seat.item.case_id: _body(seat.item.case) for seat in seats}
    asked = asked_items([(bodies[seat.item.case_id], seat.item.key) for seat in seats], quiz.uses)
    signed = signed_cases({seats[each.seat].item.case_id for each in asked})
    groups: dict[int, list[TriedItem]] = {}
    for position, each in enumerate(asked, start=1):
        seat = seats[each.seat]
        group = groups.setdefault(seat.item.case_id, [])
        points = seat.points or each.item.points
        out = seat.item.withheld_at is not None
        group.append(TriedItem(position, len(groups), each.stage, each.item, points, withheld=out))
    cases = [
        TriedCase(body, tuple(group), signed=case_id in signed)
        for case_id, group in groups.items()
        if (body := bodies[case_id]) is not None
    ]
    return Tried(_mark(quiz, seats), quiz.title, tuple(cases))


def _body(case: StoredCase) -> Case | None:
    return None if case.current is None else shown(case.current)


def _mark(quiz: Quiz, seats: Collection[QuizItem]) -> str:
    """Return what tells one state of a quiz from others: what it asks, of which versions."""
    asks = [
        (seat.item_id, seat.points, seat.item.case.current_id, seat.item.withheld_at is not None)
        for seat in seats
    ]
    state = hashlib.sha256(repr(asks).encode()).hexdigest()[:16]
    return f"quiz {quiz.id}, version {quiz.versions[-1].id}, {state}"
