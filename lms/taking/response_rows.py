"""One answer's row and the log beside it, as saving reads and writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased, defer

from lms.attempts.models import Attempt, AttemptState, Confidence, Response, ResponseEvent
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.taking.case_sheets import controls_kept
from lms.taking.incoming_saves import Packet, answer_in
from question_bank.items import Json

AT_ONCE = timedelta(seconds=5)
"""Of answers that two tabs gave within this time, the one that arrives last counts."""


@dataclass(frozen=True)
class ResponseRow:
    """What is stored of an answer, with its item's `key` and the version that asks it.

    `over`: its stage is locked; `ahead`: it has not come.
    """

    id: int
    order: Sequence[int]
    answer: Mapping[str, Json] | None
    revision: int
    last_tab: str | None
    flagged: bool
    confidence: Confidence | None
    stage: int
    over: bool
    ahead: bool
    key: str
    version: CaseVersion

    @property
    def locked(self) -> bool:
        """Whether its stage is over, or has not come."""
        return self.over or self.ahead


_ATTEMPT, _RESPONSE, _EVENT = (
    cast(Table, model.__table__) for model in (Attempt, Response, ResponseEvent)
)

_OPEN = (
    select(_ATTEMPT.c.deadline_at)
    .where(
        _ATTEMPT.c.id == bindparam("of_attempt"),
        _ATTEMPT.c.fellow_id == bindparam("of_fellow"),
        _ATTEMPT.c.state == AttemptState.IN_PROGRESS,
        _ATTEMPT.c.deadline_at >= bindparam("in_time"),
    )
    .with_for_update(key_share=True)
)
"""Holds off whoever would hand in or close the attempt, and every other save into it.

SQLite knows no lock of a row; there `transaction` holds the only write lock.
"""

_EARLIER = aliased(Response)
_AHEAD = exists().where(
    _EARLIER.attempt_id == Response.attempt_id,
    _EARLIER.case_version_id == Response.case_version_id,
    _EARLIER.stage < Response.stage,
    _EARLIER.locked_at.is_(None),
)
"""The item has not appeared: an earlier stage of its case is still open."""

_ROW = (
    select(
        Response.id,
        Response.order,
        Response.answer,
        Response.revision,
        Response.last_tab,
        Response.flagged,
        Response.confidence,
        Response.stage,
        Response.locked_at.is_not(None).label("over"),
        _AHEAD.label("ahead"),
        Item.key,
        CaseVersion,
    )
    .join(Response.attempt)
    .join(Response.item)
    .join(Response.version)
    .options(defer(CaseVersion.body))
    .where(
        Response.attempt_id == bindparam("of_attempt"),
        Response.position == bindparam("at_position"),
        Attempt.fellow_id == bindparam("of_fellow"),
    )
)

_OVERWRITE = (
    update(_RESPONSE)
    .where(
        _RESPONSE.c.id == bindparam("of_response"),
        or_(
            _RESPONSE.c.last_tab.is_(None),
            _RESPONSE.c.last_tab == bindparam("of_tab"),
            _RESPONSE.c.given_at <= bindparam("up_to", type_=_RESPONSE.c.given_at.type),
        ),
        ~exists().where(
            _EVENT.c.response_id == bindparam("of_response"),
            _EVENT.c.tab == bindparam("of_tab"),
            _EVENT.c.tab_seq > bindparam("than_seq"),
            ~_EVENT.c.late,
        ),
    )
    .values(
        answer=bindparam("new_answer", type_=_RESPONSE.c.answer.type),
        revision=_RESPONSE.c.revision + 1,
        last_tab=bindparam("of_tab"),
        given_at=bindparam("given", type_=_RESPONSE.c.given_at.type),
        saved_at=bindparam("moment"),
        flagged=func.coalesce(
            bindparam("new_flag", type_=_RESPONSE.c.flagged.type), _RESPONSE.c.flagged
        ),
        confidence=bindparam("new_confidence", type_=_RESPONSE.c.confidence.type),
    )
    .returning(_RESPONSE.c.revision)
)
"""What a save sends is put together once: building it costs more than running it."""


def hold_open(fellow_id: int, attempt_id: int, *, in_time: datetime) -> datetime | None:
    """Lock an attempt that takes answers until *in_time* or later, and return its deadline.

    None: there is no such attempt of this fellow, or it takes none any more.
    """
    where = {"of_attempt": attempt_id, "of_fellow": fellow_id, "in_time": in_time}
    deadline_at: datetime | None = db.session.scalar(_OPEN, where)
    return deadline_at


def is_frozen(attempt_id: int) -> bool:
    """Return whether the clock of an attempt stands."""
    frozen_at = db.session.scalar(select(_ATTEMPT.c.frozen_at).where(_ATTEMPT.c.id == attempt_id))
    return frozen_at is not None


def row_of(fellow_id: int, attempt_id: int, position: int) -> ResponseRow:
    """Return the response at *position* of a fellow's own attempt.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    where = {"of_attempt": attempt_id, "at_position": position, "of_fellow": fellow_id}
    row = db.session.execute(_ROW, where).one_or_none()
    if row is None:
        raise NotFound
    return ResponseRow(*row)


def hold(row: ResponseRow) -> None:
    """Wait for who keeps anything beside this response, and let nobody, until the commit."""
    of_row = select(_RESPONSE.c.id).where(_RESPONSE.c.id == row.id)
    db.session.execute(of_row.with_for_update(key_share=True))


def parse(row: ResponseRow, packet: Packet) -> dict[str, object] | None:
    """Return what is to be stored of the answer in *packet*: its JSON, in authored indices.

    Raises:
        InvalidAnswer: the item does not offer such an answer.
    """
    return answer_in(item_of(parsed(row.version), row.key), packet.answer, row.order)


def kept(row: ResponseRow) -> dict[str, list[str]]:
    """Return the item's controls as they stand for the answer that counts."""
    item = item_of(parsed(row.version), row.key).for_fellow()
    return controls_kept(
        item, row.answer, row.order, confidence=row.confidence, flagged=row.flagged
    )


def overwrite(row: ResponseRow, answer: dict[str, object] | None, packet: Packet) -> int | None:
    """Return the new revision, or None if a newer answer stands.

    That is one of a later packet of this tab, or one that was given in another tab since.
    """
    values = {
        "of_response": row.id,
        "of_tab": packet.tab,
        "than_seq": packet.tab_seq,
        "new_answer": answer,
        "new_flag": packet.answer.flagged,
        "new_confidence": packet.answer.confidence,
        "moment": packet.received_at,
        "given": packet.given_at,
        "up_to": packet.given_at + AT_ONCE,
    }
    revision: int | None = db.session.scalar(_OVERWRITE, values)
    return revision
