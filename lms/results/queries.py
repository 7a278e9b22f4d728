"""What a fellow sees after grading: score with its uncertainty, and, once released, the reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import structlog
from sqlalchemy import bindparam, select

from lms.attempts.answer_kinds import kinds_of
from lms.attempts.models import Attempt, AttemptState, Confidence, Response
from lms.cases.knowledge import harm_said
from lms.cases.queries import shown
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.figures import say_score, say_score_briefly
from lms.grading.models import GradeCause
from lms.grading.queries import GradedResponse, graded_responses
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.results.contents import CaseResult, ItemInCase, PartResult, Result, in_cases
from lms.results.models import Acknowledgement
from lms.results.release import readable_in, release_of
from lms.results.withheld import items_withheld
from question_bank.case import InvalidCase
from question_bank.feedback import ItemFeedback, feedback_on, with_harms_said, with_points
from question_bank.items import AnyItem, InvalidResponse
from question_bank.scoring import Score, Tally, score, tally

log = structlog.get_logger()

_ACKNOWLEDGED = (
    select(Response.position)
    .join(Acknowledgement, Acknowledgement.response_id == Response.id)
    .where(
        Response.attempt_id == bindparam("of_attempt"),
        Acknowledgement.user_id == bindparam("fellow_id"),
    )
)


def result_of(attempt: Attempt, *, now: datetime) -> Result:
    """Return what a graded attempt came to, in a fixed number of statements.

    The score is computed again from the stored credits, never added up. While keys of some items
    wait it is that of the others: beside these, the score of all would tell of those that wait.

    Raises:
        NotFound: it has not been graded.
    """
    if attempt.state is not AttemptState.GRADED:
        raise NotFound
    responses = graded_responses(attempt.id)
    terms, opens = release_of(attempt, now=now)
    released = opens is not None and opens <= now
    waits = items_withheld(attempt, now=now)
    told = [each for each in responses if each.item_id not in waits]
    kept_back = tuple(each.position for each in responses if released and each.item_id in waits)
    released, counted = released and bool(told), told or responses
    earned = score(each.earned for each in counted)
    cases = tuple(case.without(kept_back) for case in _cases(responses)) if released else ()
    harms = _harms(cases)
    waiting = sum(response.waits for response in responses)
    return Result(
        released=released,
        terms=terms,
        keys_at=opens,
        headline=say_score_briefly(earned),
        sentence=say_score(earned, waiting),
        left_out=sum(response.left_out for response in responses),
        withheld=tuple((each.position, each.withheld_at) for each in responses if each.withheld),
        restored=_restored(responses),
        scored=earned.items,
        waiting=waiting,
        uncounted=len(responses) - len(counted),
        approaches=_approaches(earned) if released else (),
        cases=cases,
        harms=harms,
        sureness=_sureness(told) if released else (),
        kept_back=kept_back,
        kinds=tuple(kinds_of([attempt.id]).values()),
        acknowledged=_acknowledged(attempt) if harms else frozenset(),
    )


def _restored(responses: Iterable[GradedResponse]) -> tuple[tuple[int, datetime], ...]:
    """Return the positions of what counts again after it was withheld, and since when."""
    return tuple(
        (each.position, each.graded_at)
        for each in responses
        if each.why is GradeCause.RESTORED and each.graded_at is not None
    )


def _acknowledged(attempt: Attempt) -> frozenset[int]:
    """Return the positions of the choices of an attempt that its fellow has acknowledged."""
    asked = {"of_attempt": attempt.id, "fellow_id": attempt.fellow_id}
    return frozenset(db.session.scalars(_ACKNOWLEDGED, asked))


def told_item(attempt: Attempt, position: int, *, told_to: int, now: datetime) -> ItemInCase:
    """Return an item of a graded attempt, if *told_to*, not its fellow, can read its key by *now*.

    It may be that another attempt, which asked the same, lets the fellow read it: of what waits
    beside it nothing is told.

    Raises:
        NotFound: there is no such item, or its key is not released.
    """
    readable = readable_in(attempt, told_to=told_to, now=now)
    responses = graded_responses(attempt.id)
    kept_back = [each.position for each in responses if each.position not in readable]
    cases = [case.without(kept_back) for case in _cases(responses)]
    for each in in_cases(cases, kept_back):
        if each.item.position == position and position in readable:
            return each
    raise NotFound


def told_of_abandoned(attempt: Attempt, *, now: datetime) -> tuple[ItemInCase, ...]:
    """Return what an abandoned attempt asked, whose keys are released, but for those that wait.

    What was answered is shown beside them, and earns nothing. A fixed number of statements.
    """
    waits = items_withheld(attempt, now=now)
    responses = graded_responses(attempt.id)
    kept_back = [each.position for each in responses if each.item_id in waits]
    if len(kept_back) == len(responses):
        return ()
    cases = [case.without(kept_back) for case in _cases(responses)]
    return tuple(in_cases(cases, kept_back))


def unsafe_response(attempt: Attempt, position: int, *, now: datetime) -> int:
    """Return the id of the response there, whose unsafe choice the fellow has been told of.

    Raises:
        NotFound: there is none such, or the fellow is not told of it by *now*.
    """
    if position not in dict(result_of(attempt, now=now).harms):
        raise NotFound
    query = select(Response.id).where(
        Response.attempt_id == attempt.id, Response.position == position
    )
    return db.session.scalars(query).one()


def _approaches(found: Score) -> tuple[tuple[str, Tally], ...]:
    nothing = Tally(correct=Fraction(0), items=0)
    return tuple(
        (approach.name, found.by_approach.get(approach.id, nothing))
        for approach in blueprint().approaches
    )


def _cases(responses: Sequence[GradedResponse]) -> tuple[CaseResult, ...]:
    by_version: dict[int, list[GradedResponse]] = {}
    for each in responses:
        by_version.setdefault(each.version.id, []).append(each)
    return tuple(_case(number, group) for number, group in enumerate(by_version.values(), start=1))


def _case(number: int, responses: list[GradedResponse]) -> CaseResult:
    try:
        body = shown(responses[0].version)
    except InvalidCase:
        return CaseResult(number, f"Case {number}", (_unreadable(responses),))
    rows = {each.key: each for each in responses}
    reached = min((each.stage for each in responses if not each.locked), default=len(body.parts))
    return CaseResult(
        number=number,
        title=body.title,
        parts=tuple(
            PartResult(
                part.title,
                part.text,
                part.exhibits,
                _in_turn(_item(item, rows[item.key]) for item in part.items if item.key in rows),
                reached=stage <= reached,
            )
            for stage, part in enumerate(body.parts)
        ),
        takeaway=body.takeaway,
        references=tuple(body.references),
        reviewed=responses[0].signed,
    )


def _in_turn(items: Iterable[ItemFeedback]) -> tuple[ItemFeedback, ...]:
    return tuple(sorted(items, key=lambda each: each.position))


def _unreadable(responses: list[GradedResponse]) -> PartResult:
    text = "This case cannot be shown, since its version is damaged. Tell the program director."
    return PartResult("Presentation", text, (), tuple(map(_left_out, responses)))


def _item(item: AnyItem, graded: GradedResponse) -> ItemFeedback:
    try:
        answer = item.parse_answer(graded.answer)
    except InvalidResponse:
        return _left_out(graded)
    if graded.left_out or graded.withheld:
        return _left_out(graded)
    abandoned = graded.state is None
    feedback = feedback_on(
        graded.position,
        item,
        answer,
        item.credit_for(answer) if abandoned else graded.credit,
        order=graded.order,
        confidence=graded.confidence.value if graded.confidence else "",
        marks=graded.levels,
        note=graded.note,
    )
    if abandoned and feedback.kind == "info":
        feedback = replace(feedback, title="Nobody marks it: the attempt is abandoned")
    return with_points(with_harms_said(feedback, harm_said), graded.points)


def _left_out(graded: GradedResponse) -> ItemFeedback:
    title = "Left out of the score"
    text = "This item could not be graded. The program's directors see it."
    if graded.withheld:
        title = "Withheld"
        why = "is looked at by those who write it"
        if graded.withheld_at is None:
            why = "was withheld as you were asked it"
        text = f"This item {why}. Your answer is kept, and not counted."
    elif not graded.left_out:
        title, text = "Cannot be shown", "Its case is damaged. Tell the program director."
    return ItemFeedback(position=graded.position, kind="info", title=title, text=text)


def _harms(cases: Sequence[CaseResult]) -> tuple[tuple[int, str], ...]:
    items = [item for case in cases for item in case.items]
    return tuple((item.position, harm) for item in items for harm in item.harms)


def _sureness(responses: Sequence[GradedResponse]) -> tuple[tuple[str, Tally], ...]:
    """Return the tally of credits for each degree of confidence that was given."""
    sure = [(r.confidence, r.credit) for r in responses if r.credit is not None]
    return tuple(
        (
            degree.value,
            tally(credit for given, credit in sure if given is degree and credit is not None),
        )
        for degree in Confidence
        if any(given is degree for given, _ in sure)
    )


def acknowledgements(response_ids: Iterable[int]) -> dict[int, list[tuple[int, str, datetime]]]:
    """Return who acknowledged each unsafe choice, with name, and when; the first one first."""
    rows = db.session.execute(
        select(Acknowledgement.response_id, User.id, User.name, Acknowledgement.at)
        .join(User, User.id == Acknowledgement.user_id)
        .where(Acknowledgement.response_id.in_(list(response_ids)))
        .order_by(Acknowledgement.at, User.id)
    )
    found: dict[int, list[tuple[int, str, datetime]]] = {}
    for response_id, user_id, name, moment in rows:
        found.setdefault(response_id, []).append((user_id, name, moment))
    return found
