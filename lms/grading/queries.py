"""Which attempts wait to be graded, and which grade of a response counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from lms.attempts.models import Attempt, AttemptState, Confidence, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import VersionToShow
from lms.cases.signing import is_signed
from lms.core.db import db
from lms.core.waiting import watched
from lms.grading.models import Grade, GradeCause, GradeState, Marking, credit_of
from question_bank.scoring import EarnedCredit

PATIENCE = timedelta(seconds=10)
"""How long a submitted attempt may wait before the sweep takes it for forgotten.

With the sweep's own interval that is what a lost task costs.
"""

CLOCKS = timedelta(minutes=5)
"""How far hosts' clocks may differ. What was handed in later than that was so by a clock that was
set back since."""

COUNTS = and_(Grade.response_id == Response.id, Grade.number == Response.grade_number)
"""Joins to a response the grade that counts. Whoever reads grades joins them by this alone."""

_CREDITED, _OTHER = aliased(Grade), aliased(Grade)


def news_at() -> ScalarSelect[datetime]:
    """Return when a response had its first grade with a credit, for use in a query.

    That is news; a later grade that says something else is a correction.
    """
    return (
        select(func.min(_CREDITED.graded_at))
        .where(_CREDITED.response_id == Response.id, _CREDITED.state == GradeState.EARNED)
        .scalar_subquery()
    )


def stands_since() -> ColumnElement[datetime]:
    """Return since when credit and harms stand as `Grade`, which counts, says; for a query.

    Grades that say the same one after the other are one judgment, whatever was left without a
    credit between them.
    """
    last_other = (
        select(func.coalesce(func.max(_OTHER.number), 0))
        .where(
            _OTHER.response_id == Response.id,
            _OTHER.state == GradeState.EARNED,
            or_(
                _OTHER.credit_num != Grade.credit_num,
                _OTHER.credit_den != Grade.credit_den,
                cast(_OTHER.harms, String) != cast(Grade.harms, String),
            ),
        )
        .correlate(Response, Grade)
        .scalar_subquery()
    )
    first_alike = (
        select(func.min(_CREDITED.graded_at))
        .where(
            _CREDITED.response_id == Response.id,
            _CREDITED.state == GradeState.EARNED,
            _CREDITED.number > last_other,
        )
        .correlate(Response, Grade)
        .scalar_subquery()
    )
    return case((Grade.number == 1, Grade.graded_at), else_=first_alike)


def first_graded(fellow_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """Return when fellows' first attempts were graded for the first time, by assignment and fellow.

    All answers of an attempt are graded at once; whatever was graded later, after a reopening or
    by a person, does not change it.
    """
    rows = db.session.execute(
        select(Attempt.assignment_id, Attempt.fellow_id, Grade.graded_at)
        .join(Response, Response.attempt_id == Attempt.id)
        .join(Grade, Grade.response_id == Response.id)
        .where(
            Attempt.fellow_id.in_(list(fellow_ids)),
            Attempt.number == 1,
            Response.position == 1,
            Grade.number == 1,
        )
    )
    return {(assignment_id, fellow_id): at for assignment_id, fellow_id, at in rows}


@dataclass(frozen=True)
class GradedResponse:
    """A response of an attempt that is over, with the grade that counts.

    One of an abandoned attempt has none (`state`, `why` and `graded_at` are None).

    `key` is its item's in `version`, for which a clinician answers if it is `signed`. `stage` is
    the part of the case that asks it, from 0, `locked` whether the case went on from there.
    `levels` and `note` are of the marking on which the grade rests, if any. `why` and `graded_at`
    are the grade's; `withheld_at` is since when the item is withheld now.
    """

    version: VersionToShow
    credit: Fraction | None
    position: int
    item_id: int
    key: str
    stage: int
    locked: bool
    order: Sequence[int]
    answer: Mapping[str, Any] | None
    confidence: Confidence | None
    points: int
    approach: str
    topic: str
    state: GradeState | None
    levels: Sequence[int] | None
    note: str
    signed: bool
    why: GradeCause | None
    graded_at: datetime | None
    withheld_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether a person is yet to mark it."""
        return self.state is GradeState.WAITS

    @property
    def left_out(self) -> bool:
        """Whether its item could not be graded."""
        return self.state is GradeState.LEFT_OUT

    @property
    def withheld(self) -> bool:
        """Whether a person has taken its item out of the score."""
        return self.state is GradeState.WITHHELD

    @property
    def earned(self) -> EarnedCredit:
        """What it brings to the score."""
        return EarnedCredit(self.credit, self.points, self.approach, self.topic)


_GRADED = (
    select(
        Response.position,
        Response.item_id,
        Item.key,
        Response.stage,
        Response.locked_at.is_not(None).label("locked"),
        Response.order,
        Response.answer,
        Response.confidence,
        Response.points,
        Response.approach,
        Response.topic,
        Grade.state,
        Marking.levels,
        func.coalesce(Marking.note, "").label("note"),
        is_signed(Response.case_version_id).label("signed"),
        Grade.why,
        Grade.graded_at,
        Item.withheld_at,
        Grade.credit_num,
        Grade.credit_den,
        CaseVersion.id,
        CaseVersion.content_hash,
        CaseVersion.drawings,
    )
    .outerjoin(Grade, COUNTS)
    .join(Response.item)
    .join(Response.version)
    .outerjoin(Marking, Marking.id == Grade.marking_id)
    .where(Response.attempt_id == bindparam("of_attempt"))
    .order_by(Response.position)
)


def graded_responses(attempt_id: int) -> list[GradedResponse]:
    """Return the responses of an attempt that is over in their order, in one statement."""
    found = []
    for row in db.session.execute(_GRADED, {"of_attempt": attempt_id}):
        *said, numerator, denominator = row[:-3]
        version, credit = VersionToShow(*row[-3:]), credit_of(numerator, denominator)
        found.append(GradedResponse(version, credit, *said))
    return found


PROMISE = timedelta(minutes=1)
"""How long a hand-in waits for its grades at most, while all is well."""


@watched("hand_in", promise=PROMISE)
def oldest_hand_in(_now: datetime) -> datetime | None:
    """Return when that was handed in which waits longest for its grades, if anything does."""
    return db.session.scalar(
        select(func.min(Attempt.submitted_at)).where(
            Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_(None)
        )
    )


def untried(limit: int) -> Sequence[int]:
    """Return the ids of the *limit* longest submitted attempts that nobody has tried to grade."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.SUBMITTED, Attempt.grade_tries == 0)
        .order_by(Attempt.submitted_at)
        .limit(limit)
    ).all()


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
        handed_in = Attempt.submitted_at
        forgotten = or_(handed_in <= now - PATIENCE, handed_in > now + CLOCKS)
        query = query.where(Attempt.grade_tries == 0, forgotten)
    return db.session.scalars(query.order_by(Attempt.submitted_at)).all()
