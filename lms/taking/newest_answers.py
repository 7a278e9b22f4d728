"""Writing an answer that came in time: into the log, and over what stood if it is the newest."""

from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, Update, bindparam, exists, func, or_, select, update

from lms.attempts.models import Response, ResponseEvent
from lms.core.db import db
from lms.core.inserts import insert_into
from lms.taking import save_log
from lms.taking.incoming_saves import Packet
from lms.taking.response_rows import ResponseRow

AT_ONCE = timedelta(seconds=5)
"""Of answers that two tabs gave within this time, the one that arrives last counts."""

_RESPONSE, _EVENT = (cast(Table, model.__table__) for model in (Response, ResponseEvent))

_OVERWRITE: Update = (
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
            _EVENT.c.tab_seq > bindparam("of_seq", type_=_EVENT.c.tab_seq.type),
            ~_EVENT.c.late,
        ),
    )
    .values(
        answer=bindparam("new_answer", type_=_RESPONSE.c.answer.type),
        revision=_RESPONSE.c.revision + 1,
        last_tab=bindparam("of_tab"),
        given_at=bindparam("given", type_=_RESPONSE.c.given_at.type),
        saved_at=bindparam("moment", type_=_RESPONSE.c.saved_at.type),
        flagged=func.coalesce(
            bindparam("new_flag", type_=_RESPONSE.c.flagged.type), _RESPONSE.c.flagged
        ),
        confidence=bindparam("new_confidence", type_=_RESPONSE.c.confidence.type),
    )
)
"""Does nothing where a newer answer stands: one of a later packet of this tab, or one that was
given in another tab since."""

_OVERWRITE_ALONE = _OVERWRITE.returning(_RESPONSE.c.revision)


def write(row: ResponseRow, answer: dict[str, object] | None, packet: Packet) -> int:
    """Log the answer, let it count if it is the newest, and return the revision.

    One that was kept as late before is new when it comes in time: its attempt went on since.
    Nobody else writes to *row* meanwhile: it is held.
    """
    values = {
        "of_response": row.id,
        "of_tab": packet.tab,
        "of_seq": packet.tab_seq,
        "new_answer": answer,
        "new_flag": packet.answer.flagged,
        "new_confidence": packet.answer.confidence,
        "moment": packet.received_at,
        "given": packet.given_at,
        "given_as_told": None if packet.age is None else packet.given_at,
        "up_to": packet.given_at + AT_ONCE,
    }
    logged, revision = _write_new(values)
    if not logged and save_log.let_count(row, answer, packet):
        revision = db.session.connection().scalar(_OVERWRITE_ALONE, values)
    return revision or row.revision


def _write_new(values: dict[str, object]) -> tuple[bool, int | None]:
    """Return whether the packet is a new one, and the new revision, if it counts."""
    connection = db.session.connection()
    dialect = connection.dialect.name
    if dialect == "postgresql":
        logged, revision = connection.execute(_log_and_overwrite(), values).one()
        return logged is not None, revision
    if connection.scalar(_log(dialect), values) is None:
        return False, None
    return True, connection.scalar(_OVERWRITE_ALONE, values)


@cache
def _log_and_overwrite() -> Executable:
    """Return both in one statement: the second sees in the first whether the packet is new."""
    logged = _log("postgresql").cte("logged")
    number = select(logged.c.response_id).scalar_subquery()
    overwritten = (
        _OVERWRITE.where(_RESPONSE.c.id == number)
        .returning(_RESPONSE.c.revision)
        .cte("overwritten")
    )
    return select(number, select(overwritten.c.revision).scalar_subquery())


@cache
def _log(dialect: str) -> Any:
    return (
        insert_into(_EVENT, dialect)
        .values(
            response_id=bindparam("of_response"),
            tab=bindparam("of_tab"),
            tab_seq=bindparam("of_seq", type_=_EVENT.c.tab_seq.type),
            answer=bindparam("new_answer", type_=_EVENT.c.answer.type),
            given_at=bindparam("given_as_told", type_=_EVENT.c.given_at.type),
            received_at=bindparam("moment", type_=_EVENT.c.received_at.type),
            late=False,
        )
        .returning(_EVENT.c.response_id)
    )
