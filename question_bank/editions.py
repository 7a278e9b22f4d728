"""Editions of items: as long as the question, its options and what is right stay the same.

An edition ends when one of these changes; reasons, sources, points and the patient's story may
change within it. Who was asked what, first answers and the release of keys count by edition.

A key stands for one question for good. It goes on over the editions of a question that is revised,
and comes back with one of these after the question was retired; it is never another question's.
"""

import hashlib
import json
from collections.abc import Collection, Mapping

from question_bank.items import AnyItem


def fingerprint(item: AnyItem) -> str:
    """Return the SHA-256, in hex, of the lead-in of *item*, its options and its key.

    It is the same for all versions, formats and orders of options that ask the same.
    """
    asked = [item.type, item.lead_in, item.gist]
    canonical = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def edition_of(mark: str, earlier: Mapping[int, str]) -> int:
    """Return the number of the edition with the fingerprint *mark*.

    Args:
        mark: What the item asks now.
        earlier: The fingerprints of its editions so far, by number. One that asked the same goes
            on, also after another came between: who has seen its key knows it. Else it is the
            next.
    """
    same = [number for number, before in earlier.items() if before == mark]
    return max(same) if same else max(earlier, default=0) + 1


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
