"""Editions of items: as long as the question, its options and what is right stay the same.

An edition ends when one of these changes; reasons, sources, points and the patient's story may
change within it. Who was asked what, first answers and the release of keys count by edition.
"""

import hashlib
import json
from collections.abc import Mapping

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
