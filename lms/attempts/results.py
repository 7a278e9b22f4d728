"""What a fellow sees after grading: score with its uncertainty, and, once released, the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import structlog
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.attempts.models import Attempt, AttemptState, Confidence, Response
from lms.cases.bank import blueprint
from lms.cases.queries import parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.figures import say_score, say_score_briefly
from lms.quizzes.models import Assignment
from question_bank.case import Exhibit, InvalidCase, Reference
from question_bank.feedback import ItemFeedback, feedback_on
from question_bank.items import AnyItem, InvalidResponse
from question_bank.scoring import Score, Tally, score, tally

log = structlog.get_logger()


@dataclass(frozen=True)
class PartResult:
    """A part of a case, with its graded items."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    items: tuple[ItemFeedback, ...]


@dataclass(frozen=True)
class CaseResult:
    """A case with its graded items; without a body if the case cannot be read any more."""

    number: int
    title: str
    parts: tuple[PartResult, ...]
    takeaway: str = ""
    references: tuple[Reference, ...] = ()
    reviewed: bool = False

    @property
    def items(self) -> tuple[ItemFeedback, ...]:
        """The items of all parts."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def right(self) -> bool:
        """Whether every item has its full credit."""
        return all(item.kind == "good" for item in self.items)


@dataclass(frozen=True)
class Result:
    """A graded attempt. Without `released`, what tells about single items is empty.

    `headline` is the score in one figure: a share, or a count where there are too few items.
    `left_out` items could not be graded, `waiting` ones are yet to be marked by a person.
    `harms` are the choices that would have hurt the patient: the item's position, which, and how.
    `sureness` says how often the fellow was right when sure, leaning and guessing.
    """

    released: bool
    headline: str
    sentence: str
    left_out: int
    waiting: int
    approaches: tuple[tuple[str, Tally], ...]
    cases: tuple[CaseResult, ...]
    harms: tuple[tuple[int, str], ...] = ()
    sureness: tuple[tuple[str, Tally], ...] = ()

    @property
    def missed(self) -> tuple[int, ...]:
        """The positions of the items that earned less than their full credit."""
        items = [item for case in self.cases for item in case.items]
        return tuple(item.position for item in items if item.kind in ("bad", "warn"))


def is_released(attempt: Attempt, assignment: Assignment, now: datetime) -> bool:
    """Return whether keys and reasons may leave the server."""
    if attempt.state is not AttemptState.GRADED:
        return False
    return assignment.hidden_until is None or now >= assignment.hidden_until


def result_of(attempt: Attempt, *, now: datetime) -> Result:
    """Return what a graded attempt came to, in three statements.

    The score is computed again from the stored credits, never added up.

    Raises:
        NotFound: it has not been graded.
    """
    if attempt.state is not AttemptState.GRADED:
        raise NotFound
    responses = db.session.scalars(
        select(Response)
        .where(Response.attempt_id == attempt.id)
        .options(selectinload(Response.version), selectinload(Response.item))
        .order_by(Response.position)
        .execution_options(populate_existing=True)
    ).all()
    released = is_released(attempt, attempt.assignment, now)
    found = score(response.mark for response in responses)
    cases = _cases(responses) if released else ()
    waiting = sum(response.waits for response in responses)
    return Result(
        released=released,
        headline=say_score_briefly(found),
        sentence=say_score(found, waiting),
        left_out=sum(response.left_out for response in responses),
        waiting=waiting,
        approaches=_approaches(found) if released else (),
        cases=cases,
        harms=_harms(cases),
        sureness=_sureness(responses) if released else (),
    )


def _approaches(found: Score) -> tuple[tuple[str, Tally], ...]:
    nothing = Tally(correct=Fraction(0), items=0)
    return tuple(
        (approach.name, found.by_approach.get(approach.id, nothing))
        for approach in blueprint().approaches
    )


def _cases(responses: Sequence[Response]) -> tuple[CaseResult, ...]:
    by_version: dict[int, list[Response]] = {}
    for response in responses:
        by_version.setdefault(response.case_version_id, []).append(response)
    return tuple(_case(number, group) for number, group in enumerate(by_version.values(), start=1))


def _case(number: int, responses: list[Response]) -> CaseResult:
    try:
        body = parsed(responses[0].version)
    except InvalidCase:
        return CaseResult(number, f"Case {number}", (_unreadable(responses),))
    rows = {response.item.key: response for response in responses}
    return CaseResult(
        number=number,
        title=body.title,
        parts=tuple(
            PartResult(
                part.title,
                part.text,
                part.exhibits,
                tuple(_item(item, rows[item.key]) for item in part.items if item.key in rows),
            )
            for part in body.parts
        ),
        takeaway=body.takeaway,
        references=tuple(body.references),
        reviewed=body.clinical_review == "signed",
    )


def _unreadable(responses: list[Response]) -> PartResult:
    text = "This case cannot be shown, since its version is damaged. Tell the program director."
    return PartResult("Presentation", text, (), tuple(map(_left_out, responses)))


def _item(item: AnyItem, response: Response) -> ItemFeedback:
    try:
        answer = item.parse_answer(response.answer)
    except InvalidResponse:
        return _left_out(response)
    if response.left_out:
        return _left_out(response)
    return feedback_on(
        response.position,
        item,
        answer,
        response.credit,
        order=response.order,
        confidence=response.confidence.value if response.confidence else "",
        marks=response.marks,
        note=response.mark_note or "",
    )


def _left_out(response: Response) -> ItemFeedback:
    title = "Left out of the score"
    text = "This item could not be graded. The program director sees it in the records."
    if not response.left_out:
        title, text = "Cannot be shown", "Its case is damaged. Tell the program director."
    return ItemFeedback(position=response.position, kind="info", title=title, text=text)


def _harms(cases: Sequence[CaseResult]) -> tuple[tuple[int, str], ...]:
    items = [item for case in cases for item in case.items]
    return tuple((item.position, harm) for item in items for harm in item.harms)


def _sureness(responses: Sequence[Response]) -> tuple[tuple[str, Tally], ...]:
    """Return the tally of credits for each degree of confidence that was given."""
    said = [(r.confidence, r.credit) for r in responses if r.credit is not None]
    return tuple(
        (
            degree.value,
            tally(credit for given, credit in said if given is degree and credit is not None),
        )
        for degree in Confidence
        if any(given is degree for given, _ in said)
    )
