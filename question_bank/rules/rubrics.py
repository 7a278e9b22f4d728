"""Rules on rubrics: what fellows are told of them while they write."""

import re
from collections.abc import Iterator

from question_bank.items.essay import Essay
from question_bank.rules.base import Hit
from question_bank.rules.reading import Asked, CaseReading
from question_bank.rules.words import roots, tokens, word_list

_VERDICT = re.compile(
    r"\b(?:is|are|was|were|be|goes|stays|stops|needs|must|should|may|can|not|no|without)\b",
    re.IGNORECASE,
)
"""Words by which a name says what is so, or ought to be, and not what is looked at."""

_DEEDS = frozenset(
    word_list(
        """
    accepts acknowledges addresses advises agrees asks avoids continues decides describes
    encourages explains gives includes leads links mentions names offers orders proposes
    puts reassures recommends refers rejects says shows starts states takes tells uses validates
    """
    )
)
"""What a good answer does: a name that begins so tells how to answer."""

_ASKS = ("what", "how", "why", "which", "who", "whom", "whether", "when", "where")
"""A name that asks says nothing."""

_MEND = "name what is looked at, and say what is right in its “text” and levels"


def names_tell_nothing(reading: CaseReading) -> Iterator[Hit]:
    """L35: criteria that fellows see while they write give no answer away. House rule."""
    for asked in reading.asked:
        if not isinstance(asked.item, Essay):
            continue
        seen = roots(_read_so_far(reading, asked))
        answers = _answers(reading, asked, asked.item)
        for n, criterion in enumerate(asked.item.rubric):
            what = _told(criterion.name, seen, answers)
            if what:
                yield Hit(f"{asked.field}.rubric[{n}].name", what, _MEND)


def _read_so_far(reading: CaseReading, asked: Asked) -> str:
    """Return what a fellow has read who writes: the scene up to there, and what is asked."""
    return f"{reading.scene(asked.part)}\n{asked.item.lead_in}"


def _answers(reading: CaseReading, asked: Asked, essay: Essay) -> dict[str, frozenset[str]]:
    """Return the words of what a fellow is yet to find out, by what it is."""
    keys = {
        f"the key of “{other.item.key}”": roots(other.item.key_text)
        for other in reading.asked
        if other is not asked and other.part >= asked.part and other.whole and other.item.key_name
    }
    return {"the model answer": roots(essay.model_answer)} | keys


def _told(name: str, seen: frozenset[str], answers: dict[str, frozenset[str]]) -> str:
    words = roots(name)
    for what, answer in answers.items():
        told = words & answer
        if told - seen and len(told) > 1 and 3 * len(told) >= 2 * len(words):
            return f"“{name}” tells beforehand what stands in {what}"
    said = _says_how(name)
    return f"“{name}” tells beforehand how to answer, by “{said}”" if said else ""


def _says_how(name: str) -> str:
    """Return the word by which *name* tells how to answer; empty: it does not."""
    first = (tokens(name) or ("",))[0]
    if first in _ASKS or first in _DEEDS:
        return first if first in _DEEDS else ""
    verdict = _VERDICT.search(name)
    return verdict[0] if verdict else ""
