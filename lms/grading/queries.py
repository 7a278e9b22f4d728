"""Which attempts wait to be graded, and which grade of a response counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import aliased, selectinload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion
from lms.core.db import db
from lms.grading.models import Grade, GradeState, Marking
from question_bank.scoring import EarnedCredit

PATIENCE = timedelta(seconds=30)
"""How long a submitted attempt may wait before the sweep takes it for forgotten."""

COUNTS = and_(Grade.response_id == Response.id, Grade.number == Response.grade_number)
"""Joins to a response the grade that counts. Whoever reads grades joins them by this alone."""

_CREDITED = aliased(Grade)


def news_at() -> ScalarSelect[datetime]:
    """Return when a response had its first grade with a credit, for use in a query.

    That is news; a later grade is a correction.
    """
    return (
        select(func.min(_CREDITED.graded_at))
        .where(_CREDITED.response_id == Response.id, _CREDITED.state == GradeState.EARNED)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class GradedResponse:
    """A response with the grade that counts, and the marking on which that rests, if any."""

    response: Response
    grade: Grade
    marking: Marking | None

    @property
    def credit(self) -> Fraction | None:
        """The credit earned, 0 to 1, exact; None: it waits, or its item was left out."""
        return self.grade.credit

    @property
    def waits(self) -> bool:
        """Whether a person is yet to mark it."""
        return self.grade.state is GradeState.WAITS

    @property
    def left_out(self) -> bool:
        """Whether its item could not be graded."""
        return self.grade.state is GradeState.LEFT_OUT

    @property
    def earned(self) -> EarnedCredit:
        """What it brings to the score."""
        response = self.response
        return EarnedCredit(self.credit, response.points, response.approach, response.topic)


def graded_responses(attempt_id: int) -> list[GradedResponse]:
    """Return the responses of a graded attempt in their order, in four statements.

    Items, and versions with who approved them, are loaded.
    """
    rows = db.session.execute(
        select(Response, Grade, Marking)
        .join(Grade, COUNTS)
        .outerjoin(Marking, Marking.id == Grade.marking_id)
        .where(Response.attempt_id == attempt_id)
        .options(
            selectinload(Response.version).selectinload(CaseVersion.approvals),
            selectinload(Response.item),
        )
        .order_by(Response.position)
        .execution_options(populate_existing=True)
    )
    return [GradedResponse(*row) for row in rows]


def ungraded(now: datetime, *, tried: bool) -> Sequence[int]:
    """Return the ids of submitted attempts that nobody grades, oldest first.

    *tried*: those whose grading has crashed before, if it is time to try again; else those that
    have waited longer than `PATIENCE` without a try. Flagged ones wait for people.
    """
    query = select(Attempt.id).where(
        Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_(None)
    )
    if tried:
        query = query.where(Attempt.grade_tries > 0, Attempt.grade_after <= now)
    else:
        query = query.where(Attempt.grade_tries == 0, Attempt.submitted_at <= now - PATIENCE)
    return db.session.scalars(query.order_by(Attempt.submitted_at)).all()
