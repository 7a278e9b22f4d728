"""Noting what fellows were asked, and from when on they may read the keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, not_, or_, update

from lms.core.db import db
from lms.core.inserts import insert_selected
from lms.exposure.models import Exposure

_EXPOSURE = cast(Table, Exposure.__table__)

ASKED = ("fellow_id", "item_id", "edition", "asked_at", "response_id", "answered_at")
"""The columns that `note_asked` takes, in their order."""

Edition = tuple[int, int, int]
"""A fellow, an item, and the number of an edition of it."""

_OPEN_KEY = (
    update(_EXPOSURE)
    .where(
        _EXPOSURE.c.fellow_id == bindparam("of_fellow"),
        _EXPOSURE.c.item_id == bindparam("of_item"),
        _EXPOSURE.c.edition == bindparam("of_edition"),
        or_(_EXPOSURE.c.key_at.is_(None), _EXPOSURE.c.key_at > bindparam("moment")),
    )
    .values(
        key_at=bindparam("opens", type_=_EXPOSURE.c.key_at.type),
        key_in_id=bindparam("opens_in", type_=_EXPOSURE.c.key_in_id.type),
    )
)


def note_asked(asked: Select[Any]) -> None:
    """Note what *asked*, with the columns `ASKED`, says that fellows were asked, in one statement.

    Of two answers to one edition the one that was given earlier is the first, in whichever order
    they are noted; none is that was given when the key could be read. One that was handed in anew,
    after its attempt was reopened, is the first only if it was not changed since then.
    """
    db.session.execute(insert_selected(Exposure, ASKED, asked, key=ASKED[:3], merge=_merged))


def _merged(new: Any) -> tuple[dict[str, ColumnElement[Any]], ColumnElement[bool]]:
    """Return what is changed in the row there is where *new* says more, and where that is."""
    old = _EXPOSURE.c
    in_time = or_(old.key_at.is_(None), new.answered_at < old.key_at)
    anew = new.response_id == old.response_id
    is_first = and_(
        new.response_id.is_not(None),
        in_time,
        or_(old.answered_at.is_(None), new.answered_at < old.answered_at, anew),
    )
    spoiled = and_(anew, not_(in_time))
    was_asked = new.asked_at < old.asked_at
    return {
        "asked_at": case((was_asked, new.asked_at), else_=old.asked_at),
        "response_id": case((is_first, new.response_id), (spoiled, None), else_=old.response_id),
        "answered_at": case((is_first, new.answered_at), (spoiled, None), else_=old.answered_at),
    }, or_(is_first, spoiled, was_asked)


def open_keys(opening: Mapping[Edition, tuple[datetime, int] | None], *, now: datetime) -> None:
    """Note from when on keys may be read, and of which assignment, where that is not past.

    None: it is not settled any more.
    """
    changes: Sequence[dict[str, object]] = [
        {
            "of_fellow": fellow_id,
            "of_item": item_id,
            "of_edition": edition,
            "moment": now,
            "opens": found and found[0],
            "opens_in": found and found[1],
        }
        for (fellow_id, item_id, edition), found in sorted(opening.items(), key=lambda one: one[0])
    ]
    if changes:
        db.session.execute(_OPEN_KEY, changes)
