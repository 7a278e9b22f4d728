"""Keys of items that a case would give to another question: see `question_bank.editions`."""

from collections.abc import Collection

from sqlalchemy import select

from lms.cases.models import Item, ItemEdition, StoredCase
from lms.core.db import db
from question_bank.case import Case as CaseBody
from question_bank.editions import asks_another


def reused_keys(case: StoredCase, body: CaseBody) -> list[tuple[str, str]]:
    """Return each key that stands for another question of *case* than *body* asks under it.

    With its field, like `items[0].key`, and a sentence. Items of *case* loaded; nobody else
    changes it.
    """
    rows = {item.key: item for item in case.items}
    doubtful = [
        (f"{place}.key", authored, rows[authored.key])
        for place, authored in zip(body.places, body.questions, strict=True)
        if authored.key in rows and _is_doubtful(rows[authored.key], authored.type)
    ]
    editions = _editions([row.id for _, _, row in doubtful])
    return [
        (field, _sentence(row))
        for field, authored, row in doubtful
        if asks_another(
            authored,
            kind=row.kind,
            retired=row.retired_at is not None,
            editions=editions.get(row.id, ()),
        )
    ]


def _is_doubtful(row: Item, kind: str) -> bool:
    return row.retired_at is not None or row.kind != kind


def _editions(item_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the fingerprints of the editions of items; no statement where there is none."""
    found: dict[int, set[str]] = {}
    if item_ids:
        query = select(ItemEdition.item_id, ItemEdition.fingerprint)
        for item_id, mark in db.session.execute(query.where(ItemEdition.item_id.in_(item_ids))):
            found.setdefault(item_id, set()).add(mark)
    return found


def _sentence(row: Item) -> str:
    was = "is that of a question of another type"
    if row.retired_at is not None:
        was = "was that of another question, retired since"
    return f"the key “{row.key}” {was}: give this one a key of its own"
