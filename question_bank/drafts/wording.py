"""Two texts for one place, side by side: what stays, what is new and what is gone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_SENTENCE = re.compile(r"(?<=[.!?;])(?=\s)|(?<=\n)")
_PIECE = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)

MOST_SENTENCES = 200
"""Texts of more sentences are shown whole, one after the other: comparing takes the cube of them
at worst."""

MOST_PIECES = 160
"""The same for the words and signs of sentences that were changed."""

ALIKE = 0.6
"""Share of words and signs that two sentences have in common, from which they are compared."""

AROUND = 80
"""Characters of what stays that are shown beside a change; what lies between is left out."""


@dataclass(frozen=True)
class WordRun:
    """A part of a text: it is the *same* in both, or *new*, or *gone*."""

    kind: Literal["same", "new", "gone"]
    text: str


def stretches(before: str, after: str) -> tuple[WordRun, ...]:
    """Return *after* with what is gone of *before*, in order; of what stays, what is around."""
    sentences = [_cut_at(_SENTENCE, before), _cut_at(_SENTENCE, after)]
    found: list[WordRun] = []
    for each in _compared(*sentences, most=MOST_SENTENCES):
        if found and found[-1].kind == "gone" and each.kind == "new":
            pieces = [_PIECE.findall(text) for text in (found.pop().text, each.text)]
            found += _compared(pieces[0], pieces[1], most=MOST_PIECES, alike=ALIKE)
        else:
            found.append(each)
    return tuple(_shortened(found))


def _cut_at(places: re.Pattern[str], text: str) -> list[str]:
    return [each for each in places.split(text) if each]


def _compared(
    old: Sequence[str], new: Sequence[str], *, most: int, alike: float = 0
) -> Iterator[WordRun]:
    """Yield what stays, is gone and is new; whole where there is more to compare than *most*, or
    the share of what stays is under *alike*.
    """
    steps = [("replace", 0, len(old), 0, len(new))]
    if max(len(old), len(new)) <= most:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        steps = list(matcher.get_opcodes()) if matcher.ratio() >= alike else steps
    for kind, a, b, c, d in steps:
        if kind == "equal":
            yield WordRun("same", "".join(old[a:b]))
            continue
        if b > a:
            yield WordRun("gone", "".join(old[a:b]))
        if d > c:
            yield WordRun("new", "".join(new[c:d]))


def _shortened(found: Sequence[WordRun]) -> Iterator[WordRun]:
    last = len(found) - 1
    for place, each in enumerate(found):
        if each.kind == "same" and last:
            yield WordRun("same", _cut(each.text, start=place > 0, end=place < last))
        else:
            yield each


def _cut(text: str, *, start: bool, end: bool) -> str:
    """Return *text* without what is far from the changes beside it."""
    if len(text) <= AROUND * (start + end + 1):
        return text
    head = f"{text[:AROUND]} " if start else ""
    tail = f" {text[-AROUND:]}" if end else ""
    return f"{head}…{tail}"
