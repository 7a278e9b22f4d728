"""What a fellow sees after grading: score with its uncertainty, and, once released, the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import structlog
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.bank import blueprint
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.quizzes.models import Assignment, Feedback
from question_bank.case import Case, InvalidCase, Reference
from question_bank.items import (
    Answer,
    Choice,
    Choices,
    Explanation,
    InvalidResponse,
    Item,
    answer_text,
    explanations,
    key_text,
    matched_mistake,
    parse_answer,
)
from question_bank.scoring import Mark, Score, Tally, score, tally

log = structlog.get_logger()

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class OptionResult:
    """An option, or for numbers and words an answer, and why it is right or wrong."""

    letter: str | None
    text: str
    why: str
    chosen: bool
    is_key: bool


@dataclass(frozen=True)
class ItemResult:
    """A graded item. `kind`: *good*, *bad*, *warn* (part of the credit), *info* (left out)."""

    position: int
    lead_in: str
    kind: str
    title: str
    text: str
    several: bool
    options: tuple[OptionResult, ...]


@dataclass(frozen=True)
class CaseResult:
    """A case with its graded items; without a body if the case cannot be read any more."""

    number: int
    title: str
    vignette: str
    takeaway: str
    references: tuple[Reference, ...]
    reviewed: bool
    items: tuple[ItemResult, ...]


@dataclass(frozen=True)
class Result:
    """A graded attempt. Without `released`, `approaches` and `cases` are empty."""

    released: bool
    sentence: str
    percent: int | None
    counted: int
    left_out: int
    approaches: tuple[tuple[str, Tally], ...]
    cases: tuple[CaseResult, ...]


def is_released(attempt: Attempt, assignment: Assignment, now: datetime) -> bool:
    """Return whether keys and reasons may leave the server."""
    if attempt.state is not AttemptState.GRADED:
        return False
    return assignment.feedback is Feedback.GRADED or now >= assignment.closes_at


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
    found = score([_mark(response) for response in responses])
    return Result(
        released=released,
        sentence=say_score(found, tally(r.credit for r in responses if r.credit is not None)),
        percent=None if attempt.score is None else _percent(Fraction(attempt.score, 10000)),
        counted=found.items,
        left_out=found.left_out,
        approaches=_approaches(found) if released else (),
        cases=_cases(responses) if released else (),
    )


def say_score(found: Score, total: Tally) -> str:
    """Return "14 of 20 (70%, likely range 48 to 85%)"; points where items weigh differently."""
    if total.share is None or total.interval is None:
        return "No item could be graded, so there is no score."
    low, high = (_percent(bound) for bound in total.interval)
    if found.possible == found.items:
        share = f"{say_number(found.earned)} of {found.items}"
    else:
        share = f"{say_number(found.earned)} of {found.possible} points, {found.items} items"
    percent = _percent(Fraction(found.basis_points, 10000))
    return f"{share} ({percent}%, likely range {low} to {high}%)"


def say_number(number: Fraction) -> str:
    """Return a count or a sum of credits with at most one decimal: "14", "13.5"."""
    return f"{float(number):.1f}".removesuffix(".0")


def _percent(share: Fraction | float) -> int:
    return int(share * 100 + Fraction(1, 2))


def _mark(response: Response) -> Mark:
    try:
        points = item_of(parsed(response.version), response.item.key).points
    except (InvalidCase, NotFound):
        points = 1
    item = response.item
    return Mark(credit=response.credit, points=points, approach=item.approach, topic=item.topic)


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
        body: Case | None = parsed(responses[0].version)
    except InvalidCase:
        body = None
    return CaseResult(
        number=number,
        title=body.title if body else f"Case {number}",
        vignette=body.vignette if body else "This case cannot be shown. Its author has been told.",
        takeaway=body.takeaway if body else "",
        references=tuple(body.references) if body else (),
        reviewed=body is not None and body.clinical_review == "signed",
        items=tuple(_item(body, response) for response in responses),
    )


def _item(body: Case | None, response: Response) -> ItemResult:
    try:
        if body is None or response.credit is None:
            raise NotFound
        item = item_of(body, response.item.key)
        answer = parse_answer(item, response.answer)
    except (NotFound, InvalidResponse):
        return _left_out(response)
    options = tuple(
        _option(item, answer, each, response) for each in _in_order(explanations(item), response)
    )
    title, text = _verdict(item, answer, options, response.credit)
    kind = {Fraction(0): "bad", Fraction(1): "good"}.get(response.credit, "warn")
    several = isinstance(answer, Choices) or item.type == "multiple_response"
    return ItemResult(response.position, item.lead_in, kind, title, text, several, options)


def _left_out(response: Response) -> ItemResult:
    return ItemResult(
        position=response.position,
        lead_in="",
        kind="info",
        title="Left out of the score",
        text="This item could not be graded. Its author has been told.",
        several=False,
        options=(),
    )


def _in_order(found: tuple[Explanation, ...], response: Response) -> list[Explanation]:
    if not response.order:
        return list(found)
    by_index = {explanation.index: explanation for explanation in found}
    return [by_index[index] for index in response.order]


def _option(
    item: Item, answer: Answer | None, explanation: Explanation, response: Response
) -> OptionResult:
    index = explanation.index
    if index is None:
        mistake = matched_mistake(item, answer) if answer is not None else None
        chosen = response.credit == 1 if explanation.is_key else explanation == mistake
        letter = None
    else:
        chosen = index in _indices(answer)
        letter = LETTERS[response.order.index(index)]
    return OptionResult(letter, explanation.text, explanation.why, chosen, explanation.is_key)


def _indices(answer: Answer | None) -> frozenset[int]:
    if isinstance(answer, Choice):
        return frozenset({answer.index})
    return answer.indices if isinstance(answer, Choices) else frozenset()


def _verdict(
    item: Item, answer: Answer | None, options: tuple[OptionResult, ...], credit: Fraction
) -> tuple[str, str]:
    """Return the sentence over an item's result, and a second one, maybe empty."""
    lettered = [option for option in options if option.letter is not None]
    best = ", ".join(str(o.letter) for o in lettered if o.is_key) or key_text(item)
    noun = "Best answers" if sum(option.is_key for option in lettered) > 1 else "Best answer"
    if answer is None:
        return f"Not answered. {noun}: {best}", ""
    own = ", ".join(str(o.letter) for o in lettered if o.chosen) or answer_text(item, answer)
    verb = "chose" if lettered else "wrote"
    if credit == 1:
        return f"You {verb} {own}: {noun.lower()}", ""
    part = "" if credit == 0 else f"Part of the credit: {say_number(credit)} of 1."
    return f"You {verb} {own}. {noun}: {best}", part
