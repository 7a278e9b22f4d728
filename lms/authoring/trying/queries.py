"""What can be tried out, from the bank and from quizzes."""

import hashlib
from collections.abc import Collection
from itertools import groupby

from lms.authoring.trying.trials import Tried, TriedCase, tried_case, whole_case
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import shown, versions_of
from lms.cases.signing import signed_cases
from lms.quizzes.models import Quiz, QuizItem
from question_bank.case import Case
from question_bank.paper import AskedItem, asked_items


def version_to_try(version: CaseVersion) -> Tried:
    """Return a version of a case to be tried out, in one statement.

    Raises:
        InvalidCase: its body is damaged.
    """
    signed = any(each.id == version.id and each.signed for each in versions_of(version.case_id))
    return whole_case(shown(version), mark=f"version {version.id}", signed=signed)


def quiz_to_try(quiz: Quiz, places: Collection[QuizItem]) -> Tried:
    """Return the newest version of a quiz, which has *places*, to be tried out; in one statement.

    It asks what an attempt begun now would ask.
    """
    seats = list(places)
    bodies = {seat.item.case_id: _body(seat.item.case) for seat in seats}
    asked = asked_items([(bodies[seat.item.case_id], seat.item.key) for seat in seats], quiz.uses)
    signed = signed_cases({seats[each.seat].item.case_id for each in asked})
    cases: list[TriedCase] = []
    for case_id, group in groupby(asked, lambda each: seats[each.seat].item.case_id):
        first = sum(len(case.items) for case in cases) + 1
        body = bodies[case_id]
        if body is not None:
            cases.append(_case(body, list(group), len(cases) + 1, first, case_id in signed))
    return Tried(_mark(quiz, seats), quiz.title, tuple(cases))


def _body(case: StoredCase) -> Case | None:
    return None if case.current is None else shown(case.current)


def _case(body: Case, asked: list[AskedItem], number: int, first: int, signed: bool) -> TriedCase:
    keys = {each.item.key for each in asked}
    return tried_case(body, number=number, first=first, keys=keys, signed=signed)


def _mark(quiz: Quiz, seats: Collection[QuizItem]) -> str:
    """Return what tells one state of a quiz from others: what it asks, of which versions."""
    asks = [(seat.item_id, seat.item.case.current_id) for seat in seats]
    state = hashlib.sha256(repr(asks).encode()).hexdigest()[:16]
    return f"quiz {quiz.id}, version {quiz.versions[-1].id}, {state}"
