"""The place where what was asked for stands, in a line, with its words marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from question_bank.searching.places import Place
from question_bank.searching.words import LONGEST_WORD, Query, Term, spots

LONGEST = 150
"""About how many characters an excerpt has."""

BEFORE = 50
"""About how many of them stand before the first word that was found."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of an excerpt, marked if it is what was asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Excerpt:
    """What stands at a place around what was asked for."""

    place: str
    parts: tuple[Stretch, ...]


def excerpt_of(places: Iterable[Place], query: Query) -> Excerpt | None:
    """Return the first of *places* that has most of the terms of *query*; None: none has one.

    Where one has all of them, nothing after it is looked at.
    """
    best: tuple[int, Place, list[tuple[int, int]]] | None = None
    for place in places:
        terms, ranges = _found(place.text, query)
        if terms > (best[0] if best else 0):
            best = terms, place, ranges
        if terms == len(query):
            break
    if best is None:
        return None
    _, place, ranges = best
    return Excerpt(place.name, tuple(_parts(place.text, ranges)))


def _found(text: str, query: Query) -> tuple[int, list[tuple[int, int]]]:
    """Return how many terms stand in *text*, and from where to where each does, in order."""
    plain = text if text.isascii() else _SIGNS.sub(" ", text)
    found = _seen(plain.lower(), query) if plain.isascii() else _read(text, query)
    return sum(map(bool, found)), _joined(sorted({each for ranges in found for each in ranges}))


_SIGNS = re.compile("[^\x00-\x7f\\w\u0300-\u036f]")
"""Signs beyond ASCII, such as dashes; they part words like spaces, and are as long."""


def _seen(plain: str, query: Query) -> list[list[tuple[int, int]]]:
    """Return where each term stands in *plain*, which is ASCII and in small letters."""
    return [_spans(plain, term) for term in query]


def _spans(plain: str, term: Term) -> list[tuple[int, int]]:
    pattern, found = _pattern(term), []
    if pattern is None:
        return _read(plain, (term,))[0]
    seen = pattern.search(plain)
    while seen:
        start, end = seen.span()
        if not (start and plain[start - 1].isalnum()):
            found.append((start, end))
        seen = pattern.search(plain, start + 1)
    return found


@lru_cache(maxsize=256)
def _pattern(term: Term) -> re.Pattern[str] | None:
    """Return what finds *term* in ASCII, and also where it only ends a word's beginning.

    It begins with a letter, by which it is found far faster than by what stands before that.
    None: it has words so long that not all of them is compared.
    """
    if max(map(len, term.words)) >= LONGEST_WORD:
        return None
    joined = "[^a-z0-9]+".join(map(re.escape, term.words))
    return re.compile(joined + ("[a-z0-9]*" if term.begins else "(?![a-z0-9])"))


def _read(text: str, query: Query) -> list[list[tuple[int, int]]]:
    """Return where each term stands in *text*, whatever its letters, word by word."""
    at = list(spots(text))
    words = [spot.word for spot in at]
    return [
        [
            (at[place].start, at[place + len(term.words) - 1].end)
            for place in range(len(words))
            if term.at(words, place)
        ]
        for term in query
    ]


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _parts(text: str, ranges: Sequence[tuple[int, int]]) -> Iterable[Stretch]:
    first, last = _window(text, ranges[0][0])
    if first:
        yield Stretch("… ")
    done = first
    for start, end in ranges:
        if end > last:
            break
        yield Stretch(text[done:start])
        yield Stretch(text[start:end], marked=True)
        done = end
    yield Stretch(text[done:last] + (" …" if last < len(text) else ""))


def _window(text: str, found: int) -> tuple[int, int]:
    """Return from where to where an excerpt goes, from word to word."""
    first, last = max(found - BEFORE, 0), found - BEFORE + LONGEST
    if first:
        first = text.find(" ", first, found) + 1 or found
    last = max(last, first + LONGEST)
    if last < len(text):
        cut = text.rfind(" ", found + 1, last)
        last = cut if cut > found else last
    return first, min(last, len(text))
