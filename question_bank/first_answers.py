"""Which answer to an item is a fellow's first, and what the others are.

Everything is judged by edition: as long as an item asks the same with the same key. What counts is
what was handed in.

*first*
    Of the answers that a fellow has handed in to an edition, the one that was saved earliest, if
    the fellow could not read its key yet then. It is settled when an attempt is handed in, whatever
    its grade: an essay that waits and an item left out are first answers without credit as yet.
*answer without credit*
    A blank of an attempt that the fellow handed in; and, where the clock closed the attempt, one
    before the last item that was answered. It counts as an answer, given when it was handed in.
*not reached*
    A blank after the last answered item, in the order shown, of an attempt that the clock closed.
    It counts in that score and nowhere else. Of an abandoned attempt all items, answered or not:
    they count nowhere.
*retention*
    A repeat at least 90 days after the fellow was last asked, or had the key opened, whichever
    was later: it says what has stayed.
*again*
    Every other repeat.
*transfer*
    A first answer, given after the fellow had handed in an answer to the item's twin: to any item
    of a case that asks for the same decision in another patient. It is a first answer in every
    figure, and told apart because it says what was carried over from one patient to the next. A
    twin that was not reached was not met; one in the same attempt is no earlier one.
*twins*
    Two cases of which one names the other in `sibling_of`, or which both name the same third one,
    each in the version that the fellow was asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

RESTED = timedelta(days=90)
"""How long after the last asking, and after the key, a repeat says what has stayed."""


class AnswerKind(StrEnum):
    """What an answer is, among all that a fellow has handed in to an edition of an item."""

    FIRST = "first"
    TRANSFER = "transfer"
    AGAIN = "again"
    RETENTION = "retention"
    NOT_REACHED = "not reached"

    @property
    def counts(self) -> bool:
        """Whether it is a first answer, which figures about people rest on."""
        return self in (AnswerKind.FIRST, AnswerKind.TRANSFER)


class CaseName(NamedTuple):
    """The slug of a case, and of the one it is a sibling of; None: it names none."""

    slug: str
    sibling_of: str | None


def are_twins(one: CaseName, other: CaseName) -> bool:
    """Return whether two cases ask for the same decision in two patients; see above."""
    if one.slug == other.slug:
        return False
    if one.sibling_of is not None and one.sibling_of == other.sibling_of:
        return True
    return one.sibling_of == other.slug or other.sibling_of == one.slug


def moments_of(
    saved: Sequence[datetime | None], handed_in: datetime, *, by_clock: bool
) -> tuple[datetime | None, ...]:
    """Return when each item of an attempt was answered; None: it was not reached.

    Args:
        saved: When the answer that counts was saved, item by item in the order shown; None: the
            item was left blank.
        handed_in: When the attempt was.
        by_clock: Whether the clock closed it, and not the fellow.
    """
    answered = [place for place, moment in enumerate(saved) if moment is not None]
    reached = max(answered, default=-1) if by_clock else len(saved)
    return tuple(
        moment if moment is not None else handed_in if place < reached else None
        for place, moment in enumerate(saved)
    )


def precedes_key(answered_at: datetime, key_at: datetime | None) -> bool:
    """Return whether an answer was given before its key could be read; None: it never could."""
    return key_at is None or answered_at < key_at


def kind_of(
    answered_at: datetime | None,
    *,
    first: bool,
    seen_at: datetime | None,
    twin_at: datetime | None = None,
) -> AnswerKind:
    """Return what an answer is.

    Args:
        answered_at: When it was given; None: its item was not reached.
        first: Whether it is the first; see above.
        seen_at: When the fellow was last asked the same before, or had its key opened before,
            whichever was later; None: neither.
        twin_at: When the fellow first handed in an answer to a twin; None: never.
    """
    if answered_at is None:
        return AnswerKind.NOT_REACHED
    if first:
        after_twin = twin_at is not None and twin_at <= answered_at
        return AnswerKind.TRANSFER if after_twin else AnswerKind.FIRST
    rested = seen_at is not None and answered_at - seen_at >= RESTED
    return AnswerKind.RETENTION if rested else AnswerKind.AGAIN
