"""What a case tells, as it is compared with others: its story and lead-ins, by three words each."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from heapq import nsmallest
from typing import Any

from question_bank.case import Case
from question_bank.rules.words import tokens

ALIKE = 0.4
"""Two cases that share more than this of what both tell are nearly the same. House rule."""

SKETCH = 32
"""How many numbers a sketch has."""

Told = frozenset[tuple[str, ...]]
"""Every three words in a row of what a case tells."""


def told_by(case: Case) -> Told:
    """Return what *case* tells."""
    return _told([*(part.text for part in case.parts), *(each.lead_in for each in case.questions)])


def told_in(body: Mapping[str, Any]) -> Told:
    """Return what *body* tells, the JSON of a case or a draft; what is neither is passed over."""
    parts: list[Mapping[str, Any]] = [*_dicts(body.get("stages"))] or [body]
    stories = [_text(part.get("text") or part.get("vignette")) for part in parts]
    items = (item for part in parts for item in _dicts(part.get("items")))
    return _told([*stories, *(_text(item.get("lead_in")) for item in items)])


def sketch_of(told: Told) -> frozenset[int]:
    """Return the sketch of *told*: some numbers of 32 bits, by which what is like it is found.

    Two that share a part of what they tell share, to be expected, that part of a sketch; where it
    is more than `ALIKE`, not one number in common is a chance of 1 in 10 millions.
    Source: Broder AZ. On the resemblance and containment of documents. SEQUENCES 1997.
    """
    return frozenset(nsmallest(SKETCH, map(_number, told)))


def _told(texts: Iterable[str]) -> Told:
    words = tokens(" ".join(texts))
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _number(words: tuple[str, ...]) -> int:
    """Return a number that looks drawn by lot and is the same on every machine."""
    drawn = blake2b(" ".join(words).encode(errors="replace"), digest_size=4).digest()
    return int.from_bytes(drawn, signed=True)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
