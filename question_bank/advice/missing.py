"""What a half-written draft lacks, in plain words, once it is begun there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.advice.partial import Partial

_ROW = re.compile(r"\[\d+\]")

_SENTENCES = {
    "options.why": "No reason yet. A fellow who chooses {it} would learn nothing.",
    "regions.why": "No reason yet. A fellow who chooses {it} would learn nothing.",
    "stems.why": "No reason yet. A fellow who misses this one would learn nothing.",
    "mistakes.why": "No reason yet. A fellow who makes this mistake would learn nothing.",
    "why": "No reason yet. A fellow who misses the item would learn nothing.",
    "options.text": "{it} says nothing yet.",
    "lead_in": "No lead-in yet. Ask one question that can be answered with the options covered.",
    "covered_answer": "No answer in your own words yet. Reviewers compare it with the key.",
    "options": "No options yet.",
    "level": "No level yet. Say whether it asks for recall, application or judgment.",
    "answer": "No answer yet, or it is not a number.",
    "accept": "No answer is accepted yet.",
    "model_answer": "No model answer yet. Who marks compares with it.",
    "alt": "The picture is not told in words yet. Who cannot see it could not answer.",
    "polygon": "The place is not drawn yet.",
    "vignette": "No story yet. Tell who, where, since when, and what was found.",
    "text": "No text yet.",
    "items": "No item yet.",
    "title": "No title yet.",
    "topic": "No topic yet. The case could not be drawn.",
    "tracks": "No track yet. The case could not be drawn.",
    "focus": "No focus yet.",
    "facts": "No fact yet. Keys rest on facts whose source was opened.",
    "takeaway": "No takeaway yet. Say in one sentence what to carry away.",
    "references": "No source yet. Cite a guideline or a landmark paper.",
    "supports": "What the source supports is not said yet.",
}
"""By the end of a field, its list before it where that matters."""


@dataclass(frozen=True)
class Lack:
    """A field that is blank, and what is to be said of it; `it` stands for its row."""

    field: str
    sentence: str


def missing(partial: Partial) -> Iterator[Lack]:
    """Yield what *partial* lacks: all of it once it has an item, before that nothing.

    What is not begun is no flaw: a case may be written from either end.
    """
    if not partial.case.questions:
        return
    for field in sorted(partial.lacking, key=_in_order):
        yield Lack(field, _sentence(field))


def _sentence(field: str) -> str:
    names = _ROW.sub("", field).split(".")
    for tail in (".".join(names[-2:]), names[-1]):
        if tail in _SENTENCES:
            return _SENTENCES[tail]
    return f"The {names[-1].replace('_', ' ')} is still open."


def _in_order(field: str) -> list[str]:
    return [part.zfill(3) if part.isdigit() else part for part in re.split(r"[\[\].]+", field)]
