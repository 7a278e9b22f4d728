"""One answer's row with its attempt's, as saving reads and locks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, exists, select

from lms.attempts.models import Attempt, AttemptState, Confidence, Response
from lms.cases.models import CaseVersion, Item
from lms.cases.queries import AskingVersion, item_of, parsed
from lms.core.db import db
from lms.core.errors import NotFound
from lms.taking.case_sheets import controls_kept
from lms.taking.incoming_saves import Packet, answer_in
from question_bank.items import Json


@dataclass(frozen=True)
class ResponseRow:
    """What is stored of an answer and of its attempt, with its item's `key` and its version.

    `over`: its stage is locked; `ahead`: it has not come.
    """

    version: AskingVersion
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
    state: AttemptState
    deadline_at: datetime | None
    frozen_at: datetime | None

    @property
    def locked(self) -> bool:
        """Whether its stage is over, or has not come."""
        return self.over or self.ahead

    def open_until(self, in_time: datetime) -> datetime | None:
        """Return the deadline of its attempt, if that takes answers until *in_time* or later."""
        if self.state is not AttemptState.IN_PROGRESS or self.deadline_at is None:
            return None
        return self.deadline_at if self.deadline_at >= in_time else None


_ATTEMPT, _RESPONSE, _ITEM, _VERSION = (
    cast(Table, model.__table__) for model in (Attempt, Response, Item, CaseVersion)
)

_EARLIER = _RESPONSE.alias("earlier")
_AHEAD = exists().where(
    _EARLIER.c.attempt_id == _RESPONSE.c.attempt_id,
    _EARLIER.c.case_version_id == _RESPONSE.c.case_version_id,
    _EARLIER.c.stage < _RESPONSE.c.stage,
    _EARLIER.c.locked_at.is_(None),
)
"""The item has not appeared: an earlier stage of its case is still open."""

_ROW: Select[*tuple[Any, ...]] = (
    select(
        _VERSION.c.id,
        _VERSION.c.content_hash,
        _RESPONSE.c.id,
        _RESPONSE.c.order,
        _RESPONSE.c.answer,
        _RESPONSE.c.revision,
        _RESPONSE.c.last_tab,
        _RESPONSE.c.flagged,
        _RESPONSE.c.confidence,
        _RESPONSE.c.stage,
        _RESPONSE.c.locked_at.is_not(None).label("over"),
        _AHEAD.label("ahead"),
        _ITEM.c.key,
        _ATTEMPT.c.state,
        _ATTEMPT.c.deadline_at,
        _ATTEMPT.c.frozen_at,
    )
    .join_from(_ATTEMPT, _RESPONSE)
    .join(_ITEM)
    .join(_VERSION, _VERSION.c.id == _RESPONSE.c.case_version_id)
    .where(
        _ATTEMPT.c.id == bindparam("of_attempt"),
        _ATTEMPT.c.fellow_id == bindparam("of_fellow"),
        _RESPONSE.c.position == bindparam("at_position"),
    )
)
"""What a save sends is put together once: building it costs more than running it."""

_HELD: Select[*tuple[Any, ...]] = _ROW.with_for_update(key_share=True, of=(_ATTEMPT, _RESPONSE))
"""Holds off whoever would hand in or close the attempt, and every other save into it.

The attempt first, so that two who want the same answers wait for each other in one order. SQLite
knows no lock of a row; there `transaction` holds the only write lock.
"""


def row_of(fellow_id: int, attempt_id: int, position: int) -> ResponseRow:
    """Return the response at *position* of a fellow's own attempt.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    where = {"of_attempt": attempt_id, "at_position": position, "of_fellow": fellow_id}
    return _read(db.session.connection().execute(_ROW, where).one_or_none())


def held_row(fellow_id: int, attempt_id: int, position: int) -> ResponseRow:
    """Return the same, which nobody else changes until the transaction ends, nor its attempt.

    Who waited for the lock sees both as they were left, but earlier stages as they were before
    that; so what is `ahead` is asked again.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    where = {"of_attempt": attempt_id, "at_position": position, "of_fellow": fellow_id}
    row = _read(db.session.connection().execute(_HELD, where).one_or_none())
    return row_of(fellow_id, attempt_id, position) if row.ahead else row


def _read(found: Row[*tuple[Any, ...]] | None) -> ResponseRow:
    if found is None:
        raise NotFound
    version_id, content_hash, *stored = found
    return ResponseRow(AskingVersion(version_id, content_hash), *stored)


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
