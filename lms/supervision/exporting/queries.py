"""The rows of the files that are made of one assignment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from lms.attempts.models import Attempt, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.tables import Cell
from lms.grading.models import Grade
from lms.grading.queries import COUNTS
from lms.supervision.itemwise import ItemOutcome
from lms.supervision.watching import TakenAttempt, Watched
from question_bank.case import InvalidCase
from question_bank.items import InvalidResponse
from question_bank.whereabouts import Whereabouts

SCORES = (
    "Fellow", "State", "Attempt", "Answered", "Items", "Began", "Handed in", "Score in percent",
    "Items scored", "Wait for marks",
)  # fmt: skip

ITEMS = (
    "Item", "Case", "Question", "First answers", "Points earned", "Share", "Interval from",
    "Interval to", "Unsafe", "Answer", "Chosen by",
)  # fmt: skip

ANSWERS = (
    "Item", "Case", "Question", "Attempt", "Answer", "Credit", "Unsafe", "How sure", "Saved",
)  # fmt: skip


def score_rows(found: Sequence[Watched], zone: str) -> Iterator[Sequence[Cell]]:
    """Return the head, and a row for each attempt; one for who has begun none."""
    yield SCORES
    for each in found:
        for taken in each.taken or (None,):
            yield (each.name, _state(each, taken).value, *_scored(taken, zone))


def _state(each: Watched, taken: TakenAttempt | None) -> Whereabouts:
    """Return where the fellow is with the newest attempt, and what became of an earlier one."""
    if taken is None or taken is each.newest:
        return each.where
    if taken.ended_at is not None:
        return Whereabouts.ABANDONED
    if not taken.graded:
        return Whereabouts.HANDED_IN
    return Whereabouts.TO_MARK if taken.waiting else Whereabouts.GRADED


def _scored(taken: TakenAttempt | None, zone: str) -> Sequence[Cell]:
    if taken is None:
        return (None,) * 8
    return (
        taken.number,
        taken.answered,
        taken.items,
        _moment(taken.started_at, zone),
        _moment(taken.submitted_at, zone),
        None if taken.score is None else taken.score / 100,
        taken.scored if taken.graded else None,
        taken.waiting if taken.graded else None,
    )


def item_rows(outcomes: Sequence[ItemOutcome]) -> Iterator[Sequence[Cell]]:
    """Return the head, and of each item a row, or one for each answer that was chosen."""
    yield ITEMS
    for each in sorted(outcomes, key=lambda outcome: outcome.position):
        figures = _figures(each)
        for text, count in each.chosen or ((None, None),):
            yield (*figures, text, count)


def _figures(each: ItemOutcome) -> tuple[Cell, ...]:
    counted = each.tally
    low, high = (counted.interval or (None, None)) if counted.is_figure else (None, None)
    share = float(counted.share) if counted.is_figure and counted.share is not None else None
    return (
        each.position, each.title, each.lead_in, counted.items, float(counted.correct), share,
        low, high, each.unsafe,
    )  # fmt: skip


@dataclass(frozen=True)
class OwnAnswer:
    """One answer of one fellow, with the version that asked it and the grade that counts."""

    attempt: int
    row: Response
    item: Item
    version: CaseVersion
    grade: Grade | None


def answers_of(assignment_id: int, fellow_id: int) -> list[OwnAnswer]:
    """Return all answers of a fellow with an assignment, attempt by attempt; one statement."""
    rows = db.session.execute(
        select(Attempt.number, Response, Item, CaseVersion, Grade)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Response.item)
        .join(Response.version)
        .outerjoin(Grade, COUNTS)
        .where(Attempt.assignment_id == assignment_id, Attempt.fellow_id == fellow_id)
        .order_by(Attempt.number, Response.position)
    )
    return [OwnAnswer(*row) for row in rows]


def answer_rows(answers: Sequence[OwnAnswer], zone: str) -> Iterator[Sequence[Cell]]:
    """Return the head, and a row for each answer."""
    yield ANSWERS
    for each in answers:
        title, lead_in, said = _in_words(each)
        grade = each.grade
        credit = _credit(grade.credit if grade else None)
        yield (
            each.row.position, title, lead_in, each.attempt, said, credit,
            "yes" if grade and grade.harms else None,
            each.row.confidence.value if each.row.confidence else None,
            _moment(each.row.saved_at, zone),
        )  # fmt: skip


def _in_words(each: OwnAnswer) -> tuple[str, str, str]:
    """Return the titles of case and question, and what was answered; nothing of a damaged case."""
    try:
        case = parsed(each.version)
        item = item_of(case, each.item.key)
        return case.title, item.lead_in, item.answer_text(item.parse_answer(each.row.answer))
    except (InvalidCase, InvalidResponse, NotFound):
        return "", "", ""


def _credit(credit: Fraction | None) -> float | None:
    return None if credit is None else float(credit)


def _moment(moment: datetime | None, zone: str) -> str | None:
    """Return "2026-11-27 08:40", as clocks in *zone* show it."""
    return None if moment is None else f"{local(moment, zone):%Y-%m-%d %H:%M}"
