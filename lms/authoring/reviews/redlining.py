"""Two texts as one: what went is struck through, what came is underlined, the rest is shortened."""

import re
from collections import Counter
from html import escape

from markupsafe import Markup
from redlines import Redlines

from lms.core.markdown import redlined

MOST_PAIRS = 20_000
"""Pairs of equal words, one in each text, up to which two texts are compared word by word.

Comparing takes the longer, the more there are: two texts of 2,000 times the same word took three
minutes. The longest stories of the starter bank have fewer than a tenth of this with themselves.
"""

SHORT = 60
"""Signs of unchanged text that stay on each side of a change."""

_OWN_SIGNS = {"¶": "&#182;", "¦": "&#166;"}
"""What the library uses for ends of paragraphs and sentences, as text that is no sign of it."""

_CHANGED = re.compile(r"(<(?:ins|del)>.*?</(?:ins|del)>)", re.DOTALL)


def redline(before: str | None, after: str | None) -> Markup:
    """Return what has become of a text, with `ins` and `del`; None: it was, or is, not there."""
    old, new = _plain(before), _plain(after)
    if not old or not new or _pairs(old, new) > MOST_PAIRS:
        marked = "".join(
            f"<{tag}>{text}</{tag}>" for tag, text in (("del", old), ("ins", new)) if text
        )
    else:
        marked = _shortened(Redlines(old, new, markdown_style="none").output_markdown)
    lines = re.sub(r"\n+", "<br>", marked.strip())
    return redlined(lines)


def _plain(text: str | None) -> str:
    said = escape(text or "", quote=False)
    for sign, entity in _OWN_SIGNS.items():
        said = said.replace(sign, entity)
    return said


def _pairs(old: str, new: str) -> int:
    counts = Counter(new.split())
    return sum(counts[word] for word in old.split())


def _shortened(marked: str) -> str:
    """Return *marked* without the middle of what has not changed."""
    pieces = _CHANGED.split(marked)
    last = len(pieces) - 1
    return "".join(
        piece if number % 2 else _ends(piece, first=number == 0, last=number == last)
        for number, piece in enumerate(pieces)
    )


def _ends(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * SHORT:
        return text
    head = "" if first else text[:SHORT].rsplit(" ", 1)[0]
    tail = "" if last else text[-SHORT:].split(" ", 1)[-1]
    return f"{head} … {tail}".strip(" ") if first or last else f"{head} … {tail}"
