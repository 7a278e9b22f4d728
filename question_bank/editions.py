"""Editions of items: as long as the question, its options and what is right stay the same.

An edition ends when one of these changes; reasons, sources, points and the patient's story may
change within it. Who was asked what, first answers and the release of keys count by edition.
A load tells it by fingerprints. Who publishes a revision says it: then an edition goes on though
the wording has changed, or ends though it has not (the story may turn what is right).

A key stands for one question for good. It goes on over the editions of a question that is revised,
and comes back with one of these after the question was retired; it is never another question's.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from question_bank.earlier_words import SAME_LEAD_INS
from question_bank.items import AnyItem

Fingerprints = Mapping[int, Collection[str]]
"""The fingerprints that each edition of an item has had so far, by its number."""


def fingerprint(item: AnyItem) -> str:
    """Return the SHA-256, in hex, of the lead-in of *item*, its options and its key.

    It is the same for all versions, formats and orders of options that ask the same.
    """
    asked = [item.type, item.lead_in, item.gist]
    canonical = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def fingerprints_reworded(slug: str, item: AnyItem) -> frozenset[str]:
    """Return the fingerprints of *item* in other words in which the starter bank asked the same.

    *slug* is its case's. An item that asks in words of somebody else has none.
    """
    lead_ins = SAME_LEAD_INS.get(slug, {}).get(item.key, ())
    same = lead_ins if item.lead_in in lead_ins else ()
    return frozenset(fingerprint(item.model_copy(update={"lead_in": each})) for each in same)


def edition_of(mark: str, earlier: Fingerprints, reworded: Collection[str] = ()) -> int:
    """Return the number of the edition with the fingerprint *mark*.

    Args:
        mark: What the item asks now.
        earlier: The fingerprints of its editions so far. One that asked the same goes on, also
            after another came between: who has seen its key knows it. Of several that did, the
            latest goes on; else it is the next.
        reworded: Fingerprints of the same question in other words; see `fingerprints_reworded`.
    """
    marks = {mark, *reworded}
    same = [number for number, had in earlier.items() if not marks.isdisjoint(had)]
    return max(same) if same else next_edition(earlier)


def next_edition(earlier: Fingerprints) -> int:
    """Return the number of a new edition."""
    return max(earlier, default=0) + 1


@dataclass(frozen=True)
class AuthorsWord:
    """What who publishes a revision says of it: which items ask for something else than before.

    `changed` are keys of items; none: nothing that is right has changed. `asked` has the edition
    of each item in the version that is replaced, by its key.
    """

    changed: Collection[str]
    asked: Mapping[str, int]

    def edition_of(self, key: str, mark: str, earlier: Fingerprints) -> int:
        """Return the number of the edition that item *key* asks from now on; see `edition_of`.

        An item that the replaced version did not ask has been said nothing of: fingerprints tell.
        """
        if key in self.changed:
            return next_edition(earlier)
        return self.asked.get(key) or edition_of(mark, earlier)


def items_that_differ(before: Iterable[AnyItem], after: Iterable[AnyItem]) -> tuple[str, ...]:
    """Return the keys of the items *after* whose fingerprint is not what it was *before*.

    An item that was not asked before is not among them: there is nothing that it could change.
    """
    was = {item.key: fingerprint(item) for item in before}
    return tuple(i.key for i in after if i.key in was and was[i.key] != fingerprint(i))


def asks_another(item: AnyItem, *, kind: str, retired: bool, editions: Collection[str]) -> bool:
    """Return whether *item* is another question than the one that its key stands for.

    Args:
        item: What is to be asked under the key.
        kind: The type of the question that the key stands for.
        retired: Whether that is not asked any more; then only one of its editions comes back,
            since nothing tells a revision of it from another question.
        editions: The fingerprints of its editions.
    """
    return (retired or item.type != kind) and fingerprint(item) not in editions
