"""What people type, made of one kind: the one normaliser of all typed answers.

Print and phones make other signs of the same letters: curly quotes, five dashes, spaces that do
not break, signs that nobody sees. None of them is meant.
"""

import unicodedata

from question_bank.composing import composed

LONGEST = 800
"""Letters that a line may have, some of which become several when case is folded."""

UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, space without width, joiner without width, mark of byte order."""

DASHES = "‐‑‒–—―−﹣－"
"""Hyphens, dashes and minus signs of print: all are typed as one."""

_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'} | dict.fromkeys(DASHES, "-"))
_ACCENTS = range(0x300, 0x370)


def typed(text: str) -> str:
    """Return *text* with plain line ends and spaces, and without signs that cannot be seen.

    What is pasted from elsewhere is full of no-break spaces, soft hyphens and the like.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    signs = (" " if unicodedata.category(sign) == "Zs" else sign for sign in lines)
    return "".join(sign for sign in signs if sign not in UNSEEN).strip()


def plain(text: str) -> str:
    """Return *text* with spacing folded, accents composed, and quotes and dashes plain."""
    return " ".join(composed(text, longest=LONGEST).translate(_PLAIN).split())


def folded(text: str, *, accents: bool) -> str:
    """Return `plain` *text* without case, and without accents if *accents* fold too."""
    line = plain(text)
    if accents:
        apart = composed(line, longest=LONGEST, form="NFD")
        line = "".join(sign for sign in apart if ord(sign) not in _ACCENTS)
    return composed(line.casefold(), longest=LONGEST)
