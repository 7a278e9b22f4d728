"""Noting what fellows were asked, and from when on they may read the keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    or_,
    select,
    text,
    update,
)

from lms.core.db import db
from lms.core.inserts import insert_or_change, insert_selected
from lms.exposure.models import Edition, Exposure, KeyOpening

_EXPOSURE = cast(Table, Exposure.__table__)

ASKED = (
    "fellow_id", "item_id", "edition", "asked_at", "response_id", "answered_at", "key_in_id"
)  # fmt: skip
"""The columns that `note_asked` takes, in their order."""

_KEY_AT = (
    select(KeyOpening.key_at)
    .where(KeyOpening.attempt_id == text("exposure.key_in_id"))
    .scalar_subquery()
)
"""When the key of the row that is there opens; as text, for an INSERT correlates no other way."""

_POINT = (
    update(_EXPOSURE)
    .where(
        _EXPOSURE.c.fellow_id == bindparam("of_fellow"),
        _EXPOSURE.c.item_id == bindparam("of_item"),
        _EXPOSURE.c.edition == bindparam("of_edition"),
    )
    .values(key_in_id=bindparam("opens_in"))
)


def note_asked(asked: Select[Any], of: Mapping[str, object]) -> None:
    """Note what *asked*, with the columns `ASKED`, says that fellows were asked, in one statement.

    Of two answers to one edition the one that was given earlier is the first, in whichever order
    they are noted; none is that was given when the key could be read.

    Args:
        asked: The same query for all calls: it is put together once, which costs more than it.
        of: What it is told, by the names of its parameters.
    """
    db.session.execute(_noting(asked, db.engine.dialect.name), of)


@cache
def _noting(asked: Select[Any], _dialect: str) -> Any:
    return insert_selected(_EXPOSURE, ASKED, asked, key=ASKED[:3], merge=_merged)


def _merged(new: Any) -> tuple[dict[str, ColumnElement[Any]], ColumnElement[bool]]:
    """Return what is changed in the row there is where *new* says more, and where that is."""
    old = _EXPOSURE.c
    is_first = and_(
        new.response_id.is_not(None),
        or_(_KEY_AT.is_(None), new.answered_at < _KEY_AT),
        or_(old.answered_at.is_(None), new.answered_at < old.answered_at),
    )
    was_asked = new.asked_at < old.asked_at
    return {
        "asked_at": case((was_asked, new.asked_at), else_=old.asked_at),
        "response_id": case((is_first, new.response_id), else_=old.response_id),
        "answered_at": case((is_first, new.answered_at), else_=old.answered_at),
    }, or_(is_first, was_asked)


def open_keys(opening: Mapping[int, datetime | None], *, now: datetime) -> None:
    """Note from when on the keys of attempts, by their ids, may be read, where that is not past.

    None: it is not settled any more.
    """
    not_past = KeyOpening.key_at > now
    rows = [
        {"attempt_id": attempt_id, "key_at": key_at}
        for attempt_id, key_at in sorted(opening.items())
        if key_at is not None
    ]
    if rows:
        key = ("attempt_id",)
        db.session.execute(insert_or_change(KeyOpening, rows, key=key, where=not_past))
    unsettled = [attempt_id for attempt_id, key_at in opening.items() if key_at is None]
    if unsettled:
        which = and_(KeyOpening.attempt_id.in_(unsettled), not_past)
        db.session.execute(delete(KeyOpening).where(which))


def point_to(openings: Mapping[Edition, int]) -> None:
    """Note of editions which attempt opens their key: one that opens before that noted as yet."""
    changes: Sequence[dict[str, object]] = [
        {
            "of_fellow": fellow_id,
            "of_item": item_id,
            "of_edition": edition,
            "opens_in": attempt_id,
        }
        for (fellow_id, item_id, edition), attempt_id in sorted(openings.items())
    ]
    if changes:
        db.session.execute(_POINT, changes)
