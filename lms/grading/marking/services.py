"""Marking an answer: its credit, and with it the score of the attempt."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.grading import ledger
from lms.grading.marking import queries
from lms.grading.marking.queries import AnswerToMark
from lms.grading.models import GradeCause, GradeState, Marking
from lms.people.models import User
from question_bank.rubrics import InvalidMarks, rubric_credit

LONGEST_NOTE = 1000
"""Characters that a note to the fellow may have."""


class MarkedMeanwhile(Refusal):
    """The rater has not seen the mark that this one would replace."""

    message = (
        "Somebody else has marked this answer since you opened it, and those marks count. "
        "Yours are below, not saved: save them again to let yours count instead."
    )


def mark_response(
    rater: User,
    response_id: int,
    levels: Sequence[int],
    *,
    note: str,
    seen: int | None,
    now: datetime,
) -> None:
    """Mark an answer with *levels*, one for each criterion from 0, or mark it anew.

    *seen* is the newest mark that the rater knows of. The credit follows from the rubric, the
    attempt's score from all credits. Earlier marks and grades stay.

    Raises:
        NotFound: there is no such answer to be marked, or it is the rater's own.
        Invalid: a criterion has no such level, or the note is too long.
        MarkedMeanwhile: another rater has marked it since.
    """
    ledger.hold(of_response=response_id)
    waiting = queries.answer_to_mark(rater.id, response_id)
    if waiting.newest_by not in (None, rater.id) and waiting.newest_id != seen:
        raise MarkedMeanwhile
    try:
        credit = rubric_credit(waiting.item.rubric, levels)
    except InvalidMarks as error:
        raise Invalid(str(error), field="levels") from error
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters.", field="note")
    before = waiting.grade.credit
    _append(waiting, rater, levels, note, credit, now)
    ledger.score_again(waiting.response.attempt_id)
    record(
        rater, "response.mark", "response", response_id, now=now,
        before={"credit": None if before is None else str(before)}, after={"credit": str(credit)},
    )  # fmt: skip


def _append(
    answer: AnswerToMark,
    rater: User,
    levels: Sequence[int],
    note: str,
    credit: Fraction,
    now: datetime,
) -> None:
    """Append the marks and the grade that rests on them, and let it count."""
    response_id = answer.response.id
    marking = Marking(
        response_id=response_id, rater_id=rater.id, levels=list(levels), note=note, marked_at=now
    )
    db.session.add(marking)
    db.session.flush()
    grade = {
        "state": GradeState.EARNED,
        "credit_num": credit.numerator,
        "credit_den": credit.denominator,
        "harms": answer.grade.harms,
        "case_version_id": answer.grade.case_version_id,
        "why": GradeCause.MARKED,
        "marking_id": marking.id,
        "graded_by": rater.id,
        "graded_at": now,
    }
    ledger.correct(response_id, answer.grade.number, grade)
