"""What fellows gave and does not count, for people to judge: it came too late, or was refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, AttemptState, RefusedAnswer, Response, ResponseEvent
from lms.attempts.queries import REFUSED_LAST
from lms.cases.models import CaseVersion, Item, ItemEdition, StoredCase
from lms.cases.queries import item_of, parsed
from lms.core.errors import NotFound
from lms.core.paging import Page, page_of
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.operations.queries import PAGE
from lms.people.models import User
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from question_bank.case import InvalidCase
from question_bank.items import InvalidResponse
from question_bank.late import LateAnswer


@dataclass(frozen=True)
class Aside:
    """Where an answer belongs that does not count, beside the one that does, in words."""

    fellow: str
    quiz: str
    title: str
    position: int
    counted: str


@dataclass(frozen=True)
class Late:
    """The last answer to an item that arrived after its attempt was closed, in words.

    `closed_at` None: the attempt goes on, its clock stood.
    """

    where: Aside
    answer: str
    when: LateAnswer
    closed_at: datetime | None


@dataclass(frozen=True)
class RefusedEntry:
    """What was typed last for an item and could not be taken, and why.

    `closed_at` is when its attempt was handed in, or its time ended. `after_key`: its fellow could
    read the key when it came.
    """

    where: Aside
    typed: str
    why: str
    received_at: datetime
    closed_at: datetime
    after_key: bool


_PLACE = (
    User.name,
    Quiz.title.label("quiz"),
    Attempt.started_at,
    Response,
    CaseVersion,
    StoredCase.title.label("case"),
    Item.key,
)


def late_answers(number: int) -> Page[Late]:
    """Return a page of the answers that came too late, newest first; of an item the last one."""
    newest_first = (
        ResponseEvent.received_at.desc(), ResponseEvent.tab_seq.desc(), ResponseEvent.tab
    )  # fmt: skip
    rank = func.row_number().over(partition_by=ResponseEvent.response_id, order_by=newest_first)
    last = select(ResponseEvent, rank.label("rank")).where(ResponseEvent.late).subquery()
    closed_at = case(
        (Attempt.submitted_at.is_not(None), Attempt.submitted_at),
        (Attempt.deadline_at < last.c.received_at, Attempt.deadline_at),
    )
    came = (last.c.answer, last.c.given_at, last.c.received_at)
    found = select(*_PLACE, *came, closed_at.label("closed_at"), _heard(last), KeyOpening.key_at)
    return page_of(
        _with_key(
            _placed(found.select_from(last).join(Response, Response.id == last.c.response_id))
        )
        .where(last.c.rank == 1)
        .order_by(last.c.received_at.desc(), Response.id.desc()),
        number,
        size=PAGE,
        read=_late,
    )


def refused_answers(number: int) -> Page[RefusedEntry]:
    """Return a page of what was typed last in attempts that are over, and refused."""
    newer = aliased(RefusedAnswer)
    is_newest = ~exists().where(
        newer.response_id == RefusedAnswer.response_id,
        tuple_(newer.received_at, newer.tab) > tuple_(RefusedAnswer.received_at, RefusedAnswer.tab),
    )
    came = (RefusedAnswer.typed, RefusedAnswer.why, RefusedAnswer.received_at)
    after_key = func.coalesce(KeyOpening.key_at <= RefusedAnswer.received_at, false())
    closed_at = func.coalesce(Attempt.submitted_at, Attempt.deadline_at)
    found = select(
        *_PLACE, *came, closed_at.label("closed_at"), after_key.label("after_key")
    ).select_from(RefusedAnswer)
    return page_of(
        _with_key(_placed(found.join(Response, Response.id == RefusedAnswer.response_id)))
        .where(is_newest, REFUSED_LAST, Attempt.state != AttemptState.IN_PROGRESS)
        .order_by(RefusedAnswer.received_at.desc(), Response.id.desc()),
        number,
        size=PAGE,
        read=_refused,
    )


def _placed(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join to responses all that says where they belong."""
    return (
        found.join(Response.attempt)
        .join(User, User.id == Attempt.fellow_id)
        .join(Attempt.assignment)
        .join(Assignment.version)
        .join(QuizVersion.quiz)
        .join(Response.item)
        .join(Response.version)
        .join(StoredCase, StoredCase.id == CaseVersion.case_id)
    )


def _with_key(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join to responses the opening of their key, if it is settled."""
    exposed = and_(
        Exposure.fellow_id == Attempt.fellow_id,
        Exposure.item_id == ItemEdition.item_id,
        Exposure.edition == ItemEdition.edition,
    )
    return (
        found.outerjoin(ItemEdition, ASKS)
        .outerjoin(Exposure, exposed)
        .outerjoin(KeyOpening, KEY_OPENS)
    )


def _heard(late: Subquery) -> ColumnElement[datetime]:
    """Return when the page of a late answer last saved something of the attempt in time."""
    own = aliased(Response)
    in_time = and_(ResponseEvent.tab == late.c.tab, ~ResponseEvent.late)
    return (
        select(func.max(ResponseEvent.received_at))
        .join(own, own.id == ResponseEvent.response_id)
        .where(own.attempt_id == Response.attempt_id, in_time)
        .scalar_subquery()
        .label("heard_at")
    )


def _late(row: Row[Any]) -> Late:
    return Late(
        where=_aside(row),
        answer=_in_words(row.CaseVersion, row.key, row.answer),
        when=LateAnswer(
            started_at=row.started_at,
            heard_at=row.heard_at,
            said_at=row.given_at,
            received_at=row.received_at,
            key_at=row.key_at,
        ),
        closed_at=row.closed_at,
    )


def _refused(row: Row[Any]) -> RefusedEntry:
    return RefusedEntry(
        where=_aside(row),
        typed=row.typed,
        why=row.why,
        received_at=row.received_at,
        closed_at=row.closed_at,
        after_key=row.after_key,
    )


def _aside(row: Row[Any]) -> Aside:
    return Aside(
        fellow=row.name,
        quiz=row.quiz,
        title=row.case,
        position=row.Response.position,
        counted=_in_words(row.CaseVersion, row.key, row.Response.answer),
    )


def _in_words(version: CaseVersion, key: str, answer: object) -> str:
    try:
        item = item_of(parsed(version), key)
        return item.answer_text(item.parse_answer(answer))
    except (InvalidCase, NotFound, InvalidResponse):
        return "It cannot be shown: the version of the case is damaged."
