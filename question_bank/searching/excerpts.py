"""The place where what was asked for stands, in a line, with its words marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from question_bank.searching.places import Place
from question_bank.searching.words import Query, Term, spots

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
    """Return the first of *places* that has most of the terms of *query*; None: none has one."""
    best: tuple[int, Place, list[tuple[int, int]]] | None = None
    for place in places:
        terms, ranges = _found(place.text, query)
        if terms > (best[0] if best else 0):
            best = terms, place, ranges
    if best is None:
        return None
    _, place, ranges = best
    return Excerpt(place.name, tuple(_parts(place.text, ranges)))


def _found(text: str, query: Query) -> tuple[int, list[tuple[int, int]]]:
    """Return how many terms stand in *text*, and from where to where each does, in order."""
    if not any(_may_have(text, term) for term in query):
        return 0, []
    at = list(spots(text))
    words = [spot.word for spot in at]
    ranges: set[tuple[int, int]] = set()
    terms = 0
    for term in query:
        here = [place for place in range(len(words)) if term.at(words, place)]
        terms += bool(here)
        ranges |= {(at[n].start, at[n + len(term.words) - 1].end) for n in here}
    return terms, _joined(sorted(ranges))


_TYPOGRAPHIC = str.maketrans(dict.fromkeys("‘’“”–—…·×≥≤°±", " "))


def _may_have(text: str, term: Term) -> bool:
    """Return whether it is worth while to look for *term*, word by word, in *text*."""
    plain = text.translate(_TYPOGRAPHIC)
    return not plain.isascii() or term.words[0] in plain.lower()


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
