"""Withholding an item: it is asked in no new quiz, and counts in none, until that is lifted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Table,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from lms.cases.models import Approval, ApprovalKind, Item, ItemEdition, StoredCase
from lms.cases.services import locked_case
from lms.core import audit
from lms.core.clock import local, say_date
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.core.sight import Sight
from lms.people.models import User

LONGEST_WHY = 500
"""Characters that the reason may have."""


_ITEM, _ASKED = (cast(Table, model.__table__) for model in (Item, ItemEdition))


def is_out(version_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return whether an answer to `Item` in the version *version_id* counts in no score.

    It does not while the item is withheld; nor later, if another edition has mended it meanwhile.
    """
    mended = exists().where(
        _ASKED.c.item_id == _ITEM.c.id,
        _ASKED.c.case_version_id == version_id,
        _ASKED.c.discounted,
    )
    return or_(_ITEM.c.withheld_at.is_not(None), mended)


def locked_item(slug: str, key: str) -> tuple[StoredCase, Item]:
    """Return a case and an item of it, as they are, for this transaction to change.

    Raises:
        NotFound: there is no such item.
    """
    stored = locked_case(slug)
    for item in stored.items:
        if item.key == key:
            return stored, item
    raise NotFound


def sight_of(item: Item, zone: str) -> Sight:
    """Return how an item stands."""
    if item.withheld_at is None:
        return {"Item": "Asked and counted"}
    return {"Item": f"Withheld since {say_date(local(item.withheld_at, zone).date())}"}


def withhold(actor: User, item: Item, why: str, *, now: datetime) -> bool:
    """Withhold *item*, which is locked; return whether it was not withheld before.

    Of one that is withheld already, *why* is noted, if there is any.

    Raises:
        Invalid: the reason is too long.
    """
    if len(why) > LONGEST_WHY:
        raise Invalid(f"A reason has at most {LONGEST_WHY} characters.", field="why")
    is_new = item.withheld_at is None
    if not is_new and (not why or why == item.withheld_why):
        return False
    if is_new:
        item.withheld_at, item.withheld_by_id = now, actor.id
        item.regrade_since = now
    item.withheld_why = why
    audit.record(actor, "item.withhold", "item", item.id, now=now, after={"why": why})
    return is_new


def lift(actor: User, item: Item, *, now: datetime) -> bool:
    """Have *item*, which is locked, asked and counted again; return whether it was withheld.

    If another edition of it is in use than the one that was withheld, answers to that one alone
    count from now on: those before it stay out.
    """
    if item.withheld_at is None:
        return False
    mended = mended_edition(item)
    if mended is not None:
        before = (ItemEdition.item_id == item.id, ItemEdition.edition != mended)
        db.session.execute(update(ItemEdition).where(*before).values(discounted=True))
    item.withheld_at = item.withheld_by_id = None
    item.withheld_why, item.regrade_since = "", now
    audit.record(actor, "item.lift", "item", item.id, now=now, after={"mended": mended})
    return True


_EDITION = select(func.max(ItemEdition.edition)).where(ItemEdition.item_id == Item.id)

_IN_USE = (
    _EDITION.where(ItemEdition.case_version_id == StoredCase.current_id)
    .correlate(Item, StoredCase)
    .scalar_subquery()
)

_WITHHELD = (
    select(ItemEdition.edition)
    .join(Approval, Approval.case_version_id == ItemEdition.case_version_id)
    .where(
        ItemEdition.item_id == Item.id,
        Approval.kind == ApprovalKind.EDITORIAL,
        Approval.at <= Item.withheld_at,
    )
    .order_by(Approval.id.desc())
    .limit(1)
    .correlate(Item)
    .scalar_subquery()
)
"""The edition of an item that was in use when it was withheld."""

_MENDED = case((_IN_USE != _WITHHELD, _IN_USE))
"""The edition in use of a withheld item; None: it is the one that was withheld."""


def mended_edition(item: Item) -> int | None:
    """Return the edition in use of a withheld item; None: it is the one that was withheld."""
    return db.session.scalar(
        select(_MENDED).select_from(Item).join(Item.case).where(Item.id == item.id)
    )


@dataclass(frozen=True)
class ItemStanding:
    """An item as it is kept; `by` has withheld it, and `mended` if another edition is in use."""

    row: Item
    by: str | None
    mended: bool


def items_in(case_id: int) -> dict[str, ItemStanding]:
    """Return the items of a case, by their keys, in one statement."""
    rows = db.session.execute(
        select(Item, User.name, _MENDED.is_not(None))
        .join(Item.case)
        .outerjoin(User, User.id == Item.withheld_by_id)
        .where(Item.case_id == case_id)
    )
    return {item.key: ItemStanding(item, by, mended) for item, by, mended in rows}


@dataclass(frozen=True)
class WithheldItem:
    """A withheld item: which, since when, by whom and why, and whether its mend is published."""

    case_title: str
    slug: str
    key: str
    position: int
    withheld_at: datetime
    by: str
    why: str
    case_id: int
    owner_id: int | None
    mended: bool


def withheld_items() -> list[WithheldItem]:
    """Return what is withheld, the longest first; in one statement."""
    facts: tuple[Any, ...] = (
        StoredCase.title, StoredCase.slug, Item.key, Item.position, Item.withheld_at, User.name,
        Item.withheld_why, StoredCase.id, StoredCase.owner_id, _MENDED.is_not(None),
    )  # fmt: skip
    rows = db.session.execute(
        select(*facts)
        .join(Item.case)
        .join(User, User.id == Item.withheld_by_id)
        .where(Item.withheld_at.is_not(None))
        .order_by(Item.withheld_at, Item.id)
    )
    return [WithheldItem(*row) for row in rows]
