"""Joining two changes of one text, sentence by sentence."""

import re
from itertools import chain

from merge3 import Merge3

_CUT = re.compile(r"(?<=[.!?])(?=\s)|(?<=\n)")
"""After a sentence, and after a line; what is white stays before what follows it."""

MOST_PIECES = 400
"""A text of more sentences is not looked into: comparing takes the square of them."""


def joined_text(base: str, theirs: str, mine: str) -> str | None:
    """Return the text with both changes of *base*; None: they meet at the same sentences.

    What both changed alike is no conflict. Changes of neighboring sentences meet.
    """
    before, first, second = map(_pieces, (base, theirs, mine))
    if max(map(len, (before, first, second))) > MOST_PIECES:
        return None
    found: list[list[str]] = []
    for region in Merge3(before, first, second).merge_regions():
        kind, start, end = region[:3]
        if kind == "conflict":
            return None
        source = {"unchanged": before, "b": second}.get(kind, first)
        found.append(source[start:end])
    return "".join(chain.from_iterable(found))


def _pieces(text: str) -> list[str]:
    return [piece for piece in _CUT.split(text) if piece]
