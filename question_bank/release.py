"""When a key may be read by a fellow who is asked the same elsewhere.

The terms of an assignment say from when on the keys of what it asked may be read. While another
asks the fellow the same, or is still to be begun, the key waits, unless it could be read before
that one was assigned: a key is taken back from nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Asking:
    """That an item is, or may yet be, asked of a fellow since a moment, and until one.

    It begins when the quiz is assigned to the fellow, and lasts while an attempt runs or can still
    be begun; None: it goes on.
    """

    since: datetime
    until: datetime | None


def readable_at(key_at: datetime, askings: Iterable[Asking]) -> datetime | None:
    """Return from when on a fellow may read a key; None: it waits as long as an asking goes on.

    Args:
        key_at: From when on terms let the fellow read it.
        askings: All askings of the same edition, in any order; also those that are over: a key
            that waited for one was not readable when another was assigned meanwhile.
    """
    for asking in sorted(askings, key=lambda each: each.since):
        if asking.since > key_at:
            break
        if asking.until is None:
            return None
        key_at = max(key_at, asking.until)
    return key_at
