"""Which edition of its items a version of a case asks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.cases.models import CaseVersion, Item, ItemEdition
from lms.core.db import db
from lms.core.inserts import inserting
from question_bank.case import Case as CaseBody
from question_bank.editions import (
    AuthorsWord,
    Fingerprints,
    edition_of,
    fingerprint,
    fingerprints_reworded,
)
from question_bank.items import AnyItem


@dataclass(frozen=True)
class NowAsked:
    """A version that is published, and of which case.

    `items` are all items of the case, known to the database, which nobody else changes until the
    commit. `replaced`: the version that was in use until now, if any. `changed`: the keys of the
    items of which who publishes says that what is right has changed; None: nobody says, and
    fingerprints tell.
    """

    version: CaseVersion
    body: CaseBody
    items: Sequence[Item]
    replaced: CaseVersion | None
    changed: Collection[str] | None


def keep_editions(published: Sequence[NowAsked]) -> None:
    """Note which edition of each item the versions ask that are *published*.

    A version that said the same before keeps what was noted then.
    """
    ids = [item.id for each in published for item in each.items]
    known: dict[int, list[ItemEdition]] = {}
    for edition in db.session.scalars(select(ItemEdition).where(ItemEdition.item_id.in_(ids))):
        known.setdefault(edition.item_id, []).append(edition)
    rows = [row for each in published for row in _rows(each, known)]
    if rows:
        db.session.execute(inserting(ItemEdition), rows)


def _rows(
    published: NowAsked, noted: Mapping[int, Sequence[ItemEdition]]
) -> Iterator[dict[str, object]]:
    version, body = published.version, published.body
    rows = {item.key: item for item in published.items}
    known = [each for row in rows.values() for each in noted.get(row.id, ())]
    if any(each.case_version_id == version.id for each in known):
        return
    earlier = _fingerprints(known)
    word = None
    if published.changed is not None:
        word = AuthorsWord(published.changed, _asked(published.replaced, rows, known))
    for authored in body.questions:
        row, mark = rows[authored.key], fingerprint(authored)
        yield {
            "item_id": row.id,
            "case_version_id": version.id,
            "edition": _number(body.slug, authored, mark, earlier.get(row.id, {}), word),
            "kind": authored.type,
            "level": authored.level,
            "topic": body.topic,
            "condition": body.condition,
            "fingerprint": mark,
        }


def _number(
    slug: str, item: AnyItem, mark: str, earlier: Fingerprints, word: AuthorsWord | None
) -> int:
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
