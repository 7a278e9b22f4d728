"""What a mentor may see of a fellow's single answers. This is the one place that decides it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.attempts.models import Attempt, AttemptState, Response
from lms.attempts.secrecy import check_answered_first
from lms.cases.knowledge import harm_said
from lms.cases.models import Item
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.grading.models import Grade
from lms.grading.queries import COUNTS
from lms.people.models import Role, User
from lms.program.queries import may_mentor_see
from lms.quizzes.models import Assignment, QuizVersion
from lms.results.contents import ItemInCase
from lms.results.queries import acknowledgements, told_item


@dataclass(frozen=True)
class ToldAnswer:
    """A fellow's answer that was unsafe or missed, as a mentor may read it.

    `harms` say how it would have hurt the patient, if it would; the
    grade that counts names the acts. `known` says who acknowledged that: id, name, when.
    """

    response_id: int
    attempt: Attempt
    shown: ItemInCase
    harms: tuple[str, ...]
    known: tuple[tuple[int, str, datetime], ...]

    @property
    def fellow(self) -> User:
        """Whose answer it is."""
        return self.attempt.fellow

    @property
    def unsafe(self) -> bool:
        """Whether it would have hurt the patient."""
        return bool(self.harms)

    @property
    def talked_about(self) -> tuple[str, datetime] | None:
        """Which mentor acknowledged it first, and when."""
        others = [(name, at) for who, name, at in self.known if who != self.fellow.id]
        return others[0] if others else None

    @property
    def read_at(self) -> datetime | None:
        """When the fellow acknowledged it."""
        return next((at for who, _, at in self.known if who == self.fellow.id), None)


def opens_answers(reader: User) -> bool:
    """Return whether *reader*, a mentor with roles loaded, may open answers of the own fellows.

    Who takes quizzes too may not: the same may be asked.
    """
    return Role.MENTOR in reader.roles and Role.FELLOW not in reader.roles


def told_answer(mentor: User, fellow_id: int, response_id: int, *, now: datetime) -> ToldAnswer:
    """Return an answer that *mentor*, roles loaded, may read *now*.

    That is an unsafe or missed one of a fellow whom the mentor looks after today, once its key is
    released to that fellow, and would be with any accommodation.

    Raises:
        NotFound: there is none such.
        AnswerFirst: the mentor is to answer the case blind, as its reviewer.
    """
    today = local(now, mentor.time_zone).date()
    if not opens_answers(mentor) or not may_mentor_see(mentor.id, fellow_id, today):
        raise NotFound
    row = db.session.execute(
        select(Response.position, Attempt, Grade.harms, Item.case_id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Response.item)
        .join(Grade, COUNTS)
        .where(
            Response.id == response_id,
            Attempt.fellow_id == fellow_id,
            Attempt.state == AttemptState.GRADED,
        )
        .options(
            joinedload(Attempt.fellow),
            joinedload(Attempt.assignment)
            .joinedload(Assignment.version)
            .joinedload(QuizVersion.quiz),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    check_answered_first(mentor, row.case_id)
    shown = told_item(row.Attempt, row.position, told_to=mentor.id, now=now)
    if not shown.is_to_look_at and not row.harms:
        raise NotFound
    harms = tuple(harm_said(act) for act in row.harms)
    known = acknowledgements([response_id]).get(response_id, [])
    return ToldAnswer(response_id, row.Attempt, shown, harms, tuple(known))


def unsafe_answer(mentor: User, fellow_id: int, response_id: int, *, now: datetime) -> ToldAnswer:
    """Return the same, of an unsafe one.

    Raises:
        NotFound: there is none such.
    """
    told = told_answer(mentor, fellow_id, response_id, now=now)
    if not told.unsafe:
        raise NotFound
    return told
