"""The log of saves beside a response: each that came in time, and the newest that came late."""

from typing import cast

from sqlalchemy import Table, bindparam, delete, func, select, tuple_, update

from lms.attempts.models import ResponseEvent
from lms.core.db import db
from lms.core.inserts import insert_into
from lms.taking.incoming_saves import Packet
from lms.taking.response_rows import ResponseRow

TABS = 3
"""Of so many pages the newest is kept of what came too late to a response, or was refused."""


_EVENT = cast(Table, ResponseEvent.__table__)

_IN_TIME = (
    update(_EVENT)
    .where(
        _EVENT.c.response_id == bindparam("of_response_id"),
        _EVENT.c.tab == bindparam("of_tab"),
        _EVENT.c.tab_seq == bindparam("of_tab_seq"),
        _EVENT.c.late,
    )
    .values(
        late=False,
        answer=bindparam("of_answer", type_=_EVENT.c.answer.type),
        given_at=bindparam("of_given_at", type_=_EVENT.c.given_at.type),
        received_at=bindparam("of_received_at", type_=_EVENT.c.received_at.type),
    )
    .returning(_EVENT.c.response_id)
)
"""Lets a save count that was kept as late, if it is sent again in time."""

_LATE = (
    select(
        _EVENT.c.tab,
        _EVENT.c.tab_seq,
        _EVENT.c.received_at,
        func.row_number()
        .over(partition_by=_EVENT.c.tab, order_by=_EVENT.c.tab_seq.desc())
        .label("place"),
    )
    .where(_EVENT.c.response_id == bindparam("of_response"), _EVENT.c.late)
    .subquery()
)

_DROP_OLDER = delete(_EVENT).where(
    _EVENT.c.response_id == bindparam("of_response"),
    _EVENT.c.late,
    tuple_(_EVENT.c.tab, _EVENT.c.tab_seq).not_in(
        select(_LATE.c.tab, _LATE.c.tab_seq)
        .where(_LATE.c.place == 1)
        .order_by(_LATE.c.received_at.desc(), _LATE.c.tab)
        .limit(TABS)
    ),
)
"""Leaves of what came too late to a response the newest of each of the newest pages.

A page could else fill the database after the bell.
"""


def log_late(row: ResponseRow, answer: dict[str, object] | None, packet: Packet) -> None:
    """Keep a save that came too late, unless it is known, with the newest of other pages."""
    append = insert_into(_EVENT, db.engine.dialect.name).returning(_EVENT.c.response_id)
    if db.session.scalar(append, _values(row, answer, packet) | {"late": True}) is not None:
        db.session.execute(_DROP_OLDER, {"of_response": row.id})


def let_count(row: ResponseRow, answer: dict[str, object] | None, packet: Packet) -> bool:
    """Return whether a save that is known had come too late before; from now on it counts."""
    values = _values(row, answer, packet)
    again = {f"of_{name}": value for name, value in values.items()}
    return db.session.scalar(_IN_TIME, again) is not None


def _values(
    row: ResponseRow, answer: dict[str, object] | None, packet: Packet
) -> dict[str, object]:
    return {
        "response_id": row.id,
        "tab": packet.tab,
        "tab_seq": packet.tab_seq,
        "answer": answer,
        "given_at": None if packet.age is None else packet.given_at,
        "received_at": packet.received_at,
    }
