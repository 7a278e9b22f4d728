"""Which edition of its items a version of a case asks."""

from collections.abc import Iterable

from sqlalchemy import select

from lms.cases.models import CaseVersion, Item, ItemEdition
from lms.core.db import db
from lms.core.inserts import insert_all
from question_bank.case import Case as CaseBody
from question_bank.editions import edition_of, fingerprint


def keep_editions(version: CaseVersion, body: CaseBody, items: Iterable[Item]) -> None:
    """Note which edition of each of *items* the *version*, which says *body*, asks.

    A version that said the same before keeps what was noted then. *items* are those of the case,
    known to the database, and nobody else changes the case until the commit.
    """
    rows = {item.key: item for item in items}
    known = db.session.scalars(
        select(ItemEdition).where(ItemEdition.item_id.in_([row.id for row in rows.values()]))
    ).all()
    if any(each.case_version_id == version.id for each in known):
        return
    earlier: dict[int, dict[int, str]] = {}
    for each in known:
        earlier.setdefault(each.item_id, {})[each.edition] = each.fingerprint
    insert_all(
        ItemEdition,
        [
            {
                "item_id": row.id,
                "case_version_id": version.id,
                "edition": edition_of(mark, earlier.get(row.id, {})),
                "kind": authored.type,
                "level": authored.level,
                "topic": body.topic,
                "condition": body.condition,
                "fingerprint": mark,
            }
            for authored in body.questions
            for row, mark in [(rows[authored.key], fingerprint(authored))]
        ],
    )
