"""What went another way than it should in attempts, for people to look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select

from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS
from lms.operations.queries import PAGE
from lms.people.models import User
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from question_bank.case import InvalidCase
from question_bank.items import InvalidResponse


@dataclass(frozen=True)
class SetAside:
    """An attempt whose grading crashed too often; its answers are kept."""

    attempt_id: int
    fellow: str
    quiz: str
    submitted_at: datetime
    flagged_at: datetime


@dataclass(frozen=True)
class LeftOut:
    """An item that could not be graded in this version, and how many attempts go without it."""

    slug: str
    title: str
    item: str
    version: int
    author: str | None
    attempts: int


@dataclass(frozen=True)
class Late:
    """The last answer to an item that arrived after its attempt was closed.

    `answer` came late, `counted` stands; both in words, empty if blank. It was given at
    `given_at` by the page's account; None: the page did not say. `closed_at` None: the attempt
    goes on, its clock stood.
    """

    fellow: str
    quiz: str
    title: str
    position: int
    answer: str
    counted: str
    given_at: datetime | None
    received_at: datetime
    closed_at: datetime | None


def set_aside() -> list[SetAside]:
    """Return attempts that wait for people, the oldest first; a page of them at most."""
    facts: tuple[Any, ...] = (
        Attempt.id, User.name, Quiz.title, Attempt.submitted_at, Attempt.flagged_at
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .select_from(Attempt)
        .join(User, User.id == Attempt.fellow_id)
        .join(Attempt.assignment)
        .join(Assignment.version)
        .join(QuizVersion.quiz)
        .where(Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_not(None))
        .order_by(Attempt.flagged_at, Attempt.id)
        .limit(PAGE)
    )
    return [SetAside(*row) for row in rows]


def count_set_aside() -> int:
    """Return how many attempts wait for people."""
    waiting = select(func.count()).where(
        Attempt.state == AttemptState.SUBMITTED, Attempt.flagged_at.is_not(None)
    )
    return db.session.scalar(waiting) or 0


def left_out() -> list[LeftOut]:
    """Return items left out of scores, those of the most attempts first; a page at most."""
    named = (StoredCase.slug, StoredCase.title, Item.key, CaseVersion.number, User.name)
    rows = db.session.execute(
        select(*named, func.count())
        .select_from(Response)
        .join(Grade, COUNTS)
        .join(Response.item)
        .join(CaseVersion, CaseVersion.id == Grade.case_version_id)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
        .outerjoin(User, User.id == CaseVersion.author_id)
        .where(Grade.state == GradeState.LEFT_OUT)
        .group_by(*named)
        .order_by(func.count().desc(), StoredCase.slug, Item.key, CaseVersion.number)
        .limit(PAGE)
    )
    return [LeftOut(*row) for row in rows]


def late_answers(number: int) -> Page[Late]:
    """Return a page of the answers that came too late, newest first."""
    newest_first = (
        ResponseEvent.received_at.desc(), ResponseEvent.tab_seq.desc(), ResponseEvent.tab
    )  # fmt: skip
    rank = func.row_number().over(partition_by=ResponseEvent.response_id, order_by=newest_first)
    last = select(ResponseEvent, rank.label("rank")).where(ResponseEvent.late).subquery()
    return page_of(
        select(
            User.name,
            Quiz.title.label("quiz"),
            case(
                (Attempt.submitted_at.is_not(None), Attempt.submitted_at),
                (Attempt.deadline_at < last.c.received_at, Attempt.deadline_at),
            ).label("closed_at"),
            Response,
            CaseVersion,
            StoredCase.title.label("case"),
            Item.key,
            last.c.answer,
            last.c.given_at,
            last.c.received_at,
        )
        .select_from(last)
        .join(Response, Response.id == last.c.response_id)
        .join(Response.attempt)
        .join(User, User.id == Attempt.fellow_id)
        .join(Attempt.assignment)
        .join(Assignment.version)
        .join(QuizVersion.quiz)
        .join(Response.item)
        .join(Response.version)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
        .where(last.c.rank == 1)
        .order_by(last.c.received_at.desc(), Response.id.desc()),
        number,
        size=PAGE,
        read=_late,
    )


def _late(row: Row[Any]) -> Late:
    return Late(
        fellow=row.name,
        quiz=row.quiz,
        title=row.case,
        position=row.Response.position,
        answer=_in_words(row.CaseVersion, row.key, row.answer),
        counted=_in_words(row.CaseVersion, row.key, row.Response.answer),
        given_at=row.given_at,
        received_at=row.received_at,
        closed_at=row.closed_at,
    )


def _in_words(version: CaseVersion, key: str, answer: object) -> str:
    try:
        item = item_of(parsed(version), key)
        return item.answer_text(item.parse_answer(answer))
    except (InvalidCase, NotFound, InvalidResponse):
        return "It cannot be shown: the version of the case is damaged."
