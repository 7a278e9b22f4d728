"""Words as a search compares them: accents, case and the signs between them aside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from question_bank.composing import composed

LONGEST_WORD = 60
"""Letters of a word that count; what differs later is the same word."""

LONGEST_QUERY = 200
"""Characters of a query that are read."""

MOST_TERMS = 12
"""How many terms of a query are asked for; further ones are left out."""

SHORTEST_BEGINNING = 3
"""From how many letters on a word stands for all that begin with it."""

_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
_CHUNK = re.compile(r"\"([^\"]*)\"?|(\S+)")


@dataclass(frozen=True)
class Spot:
    """A word of a text, folded, and from where to where it stands there."""

    word: str
    start: int
    end: int


def spots(text: str) -> Iterator[Spot]:
    """Yield the words of *text* in order; hyphens, points and slashes part them."""
    for found in _WORD.finditer(text):
        if word := folded_word(found.group()):
            yield Spot(word, found.start(), found.end())


def folded(text: str) -> str:
    """Return the words of *text* as an index keeps them, a space between two."""
    return " ".join(filter(None, map(folded_word, _WORD.findall(text))))


def folded_word(word: str) -> str:
    """Return *word* without accents and case; nothing but letters and digits is left of it."""
    if len(word) <= LONGEST_WORD and word.isascii():
        return word.lower()
    return _fold(word[: 2 * LONGEST_WORD])


@lru_cache(maxsize=16_384)
def _fold(word: str) -> str:
    one = composed(word, longest=len(word), form="NFKC").casefold()
    apart = composed(one, longest=len(one), form="NFD")
    return "".join(filter(str.isalnum, apart))[:LONGEST_WORD]


@dataclass(frozen=True)
class Term:
    """Words that stand side by side; the last may only begin with what is given, if *begins*."""

    words: tuple[str, ...]
    begins: bool = False

    def at(self, words: list[str], place: int) -> bool:
        """Return whether the term stands in *words* at *place*."""
        part = words[place : place + len(self.words)]
        if len(part) < len(self.words) or tuple(part[:-1]) != self.words[:-1]:
            return False
        last = self.words[-1]
        return part[-1].startswith(last) if self.begins else part[-1] == last


Query = tuple[Term, ...]
"""What is asked for: all of the terms, wherever they stand."""


def read_query(text: str) -> Query:
    """Return what *text*, whatever was typed, asks for; empty: nothing.

    Words that signs join ("follow-up", "1.0 mg/d" as 1.0 and mg/d) stand side by side, and so do
    those between quotation marks. A word of three letters or more stands for all that begin with
    it, unless it was quoted; so does the last one, however short. A number stands for itself.
    """
    chunks = [
        (found[1] or found[2] or "", bool(found[1]))
        for found in _CHUNK.finditer(text[:LONGEST_QUERY])
    ]
    parts = [(tuple(spot.word for spot in spots(each)), quoted) for each, quoted in chunks]
    known = [(words, quoted) for words, quoted in parts if words][:MOST_TERMS]
    terms = [
        Term(words, not quoted and _may_begin(words[-1], last=place == len(known)))
        for place, (words, quoted) in enumerate(known, 1)
    ]
    return tuple(dict.fromkeys(terms))


def _may_begin(word: str, *, last: bool) -> bool:
    return word.isalpha() and (last or len(word) >= SHORTEST_BEGINNING)
