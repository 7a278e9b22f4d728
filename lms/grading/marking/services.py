"""Marking an answer: its credit, and with it the score of the attempt."""

from collections.abc import Sequence
from datetime import datetime

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.grading.marking import queries
from lms.grading.marking.models import Marking
from lms.grading.services import score_again
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
    attempt's score from all credits. Earlier marks stay in the record.

    Raises:
        NotFound: there is no such answer to be marked, or it is the rater's own.
        Invalid: a criterion has no such level, or the note is too long.
        MarkedMeanwhile: another rater has marked it since.
    """
    waiting = queries.answer_to_mark(rater.id, response_id, lock=True)
    if waiting.newest_by not in (None, rater.id) and waiting.newest_id != seen:
        raise MarkedMeanwhile
    try:
        credit = rubric_credit(waiting.item.rubric, levels)
    except InvalidMarks as error:
        raise Invalid(str(error), field="levels") from error
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters.", field="note")
    response = waiting.response
    before = None if response.credit is None else str(response.credit)
    db.session.add(
        Marking(
            response_id=response_id,
            rater_id=rater.id,
            levels=list(levels),
            note=note,
            marked_at=now,
        )
    )
    response.waits = False
    response.credit_num, response.credit_den = credit.numerator, credit.denominator
    response.marks, response.mark_note = list(levels), note or None
    score_again(response.attempt_id)
    record(
        rater, "response.mark", "response", response_id, now=now,
        before={"credit": before}, after={"credit": str(credit)},
    )  # fmt: skip
