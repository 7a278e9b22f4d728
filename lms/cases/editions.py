"""Which edition of its items a version of a case asks."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from lms.cases.models import CaseVersion, Item, ItemEdition
from lms.core.db import db
from lms.core.inserts import insert_all
from question_bank.case import Case as CaseBody
from question_bank.editions import (
    AuthorsWord,
    Fingerprints,
    edition_of,
    fingerprint,
    fingerprints_reworded,
)
from question_bank.items import AnyItem


def keep_editions(
    version: CaseVersion,
    body: CaseBody,
    items: Iterable[Item],
    *,
    replaced: CaseVersion | None,
    changed: Collection[str] | None,
) -> None:
    """Note which edition of each of *items* the *version*, which says *body*, asks.

    A version that said the same before keeps what was noted then. *items* are those of the case,
    known to the database, and nobody else changes the case until the commit.

    Args:
        version: The version that is published.
        body: What it says.
        items: The items of the case.
        replaced: The version that was in use until now, if any.
        changed: The keys of the items of which who publishes says that what is right has changed;
            None: nobody says, and fingerprints tell.
    """
    rows = {item.key: item for item in items}
    known = db.session.scalars(
        select(ItemEdition).where(ItemEdition.item_id.in_([row.id for row in rows.values()]))
    ).all()
    if any(each.case_version_id == version.id for each in known):
        return
    earlier = _fingerprints(known)
    word = None if changed is None else AuthorsWord(changed, _asked(replaced, rows, known))
    insert_all(
        ItemEdition,
        [
            {
                "item_id": row.id,
                "case_version_id": version.id,
                "edition": _number(body.slug, authored, earlier.get(row.id, {}), word),
                "kind": authored.type,
                "level": authored.level,
                "topic": body.topic,
                "condition": body.condition,
                "fingerprint": fingerprint(authored),
            }
            for authored in body.questions
            for row in [rows[authored.key]]
        ],
    )


def _number(slug: str, item: AnyItem, earlier: Fingerprints, word: AuthorsWord | None) -> int:
    mark = fingerprint(item)
    if word is None:
        return edition_of(mark, earlier, fingerprints_reworded(slug, item))
    return word.edition_of(item.key, mark, earlier)


def _fingerprints(known: Iterable[ItemEdition]) -> dict[int, dict[int, set[str]]]:
    """Return what each edition of each item has said so far, by the item's id."""
    found: dict[int, dict[int, set[str]]] = {}
    for each in known:
        found.setdefault(each.item_id, {}).setdefault(each.edition, set()).add(each.fingerprint)
    return found


def _asked(
    replaced: CaseVersion | None, rows: dict[str, Item], known: Iterable[ItemEdition]
) -> dict[str, int]:
    """Return the edition of each item in the version that is *replaced*, by its key."""
    if replaced is None:
        return {}
    keys = {row.id: key for key, row in rows.items()}
    return {keys[e.item_id]: e.edition for e in known if e.case_version_id == replaced.id}
