"""What the first answers that were handed in with an assignment say of its items."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, bindparam, select

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.exposure.models import Exposure
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.quizzes.models import QuizItem
from lms.quizzes.queries import places_of
from question_bank.case import InvalidCase
from question_bank.items import AnyItem, InvalidResponse
from question_bank.scoring import Tally, tally

NAMED = 5
"""From so many people on it is said how many chose what."""


@dataclass(frozen=True)
class ItemOutcome:
    """How an item went: its first answers, and how many of them would have hurt the patient.

    `chosen` says how many chose what, most first, then by what it says: not by who began first.
    Empty where fewer than `NAMED` have answered.
    """

    position: int
    item_id: int
    case_id: int
    key: str
    slug: str
    title: str
    lead_in: str
    tally: Tally
    unsafe: int
    withheld: bool
    chosen: tuple[tuple[str, int], ...]


_FIRST = (
    select(
        Response.item_id,
        Response.case_version_id,
        Response.answer,
        Grade.credit_num,
        Grade.credit_den,
        Grade.harms,
    )
    .select_from(Exposure)
    .join(Response, Response.id == Exposure.response_id)
    .join(Response.attempt)
    .join(Grade, COUNTS)
    .where(
        Attempt.assignment_id == bindparam("assignment_id"),
        Attempt.state == AttemptState.GRADED,
        Grade.state == GradeState.EARNED,
    )
)


def outcomes(assignment_id: int, version_id: int) -> list[ItemOutcome]:
    """Return how each item of a quiz version went with an assignment, the lowest share first.

    Four statements. Items without a first answer come last.
    """
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.session.execute(_FIRST, {"assignment_id": assignment_id}):
        found.setdefault(row.item_id, []).append(row)
    places = places_of(version_id)
    versions = _versions({row.case_version_id for rows in found.values() for row in rows})
    every = [_outcome(place, found.get(place.item_id, []), versions) for place in places]
    return sorted(
        every, key=lambda each: (each.tally.share is None, each.tally.share or 0, each.position)
    )


def _versions(version_ids: Iterable[int]) -> Mapping[int, CaseVersion]:
    wanted = select(CaseVersion).where(CaseVersion.id.in_(list(version_ids)))
    return {each.id: each for each in db.session.scalars(wanted)}


def _outcome(
    place: QuizItem, rows: Sequence[Row[*tuple[Any, ...]]], versions: Mapping[int, CaseVersion]
) -> ItemOutcome:
    item, case = place.item, place.item.case
    asked = _item(case.current, item.key)
    chosen: Counter[str] = Counter()
    for row in rows if len(rows) >= NAMED else ():
        chosen.update(_chosen(_item(versions[row.case_version_id], item.key), row.answer))
    return ItemOutcome(
        position=place.position,
        item_id=item.id,
        case_id=case.id,
        key=item.key,
        slug=case.slug,
        title=case.title,
        lead_in=asked.lead_in if asked else "",
        tally=tally(Fraction(row.credit_num, row.credit_den) for row in rows),
        unsafe=sum(bool(row.harms) for row in rows),
        withheld=item.withheld_at is not None,
        chosen=tuple(sorted(chosen.items(), key=lambda each: (-each[1], each[0]))),
    )


def _item(version: CaseVersion | None, key: str) -> AnyItem | None:
    """Return what a version asks there; None: it is damaged, or asks it no more."""
    try:
        return item_of(parsed(version), key) if version else None
    except (InvalidCase, NotFound):
        return None


def _chosen(item: AnyItem | None, raw: object) -> list[str]:
    """Return what an answer chose, in words: options, or a known answer; free text as one kind."""
    try:
        answer = item.parse_answer(raw) if item else None
    except InvalidResponse:
        return []
    if item is None or answer is None:
        return ["No answer"]
    lines = [line for line in item.review(answer) if line.chosen or line.given]
    said = [f"{line.text}: {line.given}" if line.given else line.text for line in lines]
    return said or ["Another answer"]
