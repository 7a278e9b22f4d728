"""What a story says of what a case needs, and what a question asks for: helps, and no rules."""

import re
from dataclasses import dataclass

from question_bank.rules.vignette import AGE, DURATION, MEASURE, SETTING

LONGEST = 20_000
"""Characters of a text that are looked through."""

_COURSE = re.compile(
    r"\b(worse\w*|better|improv\w*|unchanged|constant\w*|stead(?:y|ily)|comes and goes|flares?"
    r"|spread\w*|increas\w*|decreas\w*|gr[eo]wn?|growing|gradual\w*|slowly|sudden\w*|recur\w*"
    r"|resolv\w*|eas(?:es|ed)|fad(?:es|ed)|until|since then|at first|began|begins|started"
    r"|returned|again|now)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(tried|tak(?:es?|en|ing)|took|giv(?:es|en)|gave|receiv\w*|treat\w*|start(?:s|ed)"
    r"|stopped|trials?|inject\w*|blocks?|therapy|exercises?|refill\w*|surgery|implant\w*|tablets?"
    r"|relief|relieves?|help(?:s|ed)|prescribed|uses|bought)\b",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"\b(walk\w*|stairs?|climb\w*|sleep\w*|work(?:s|ing|ed)?|driv(?:e\w*|ing)|cook\w*|dress\w*"
    r"|lift\w*|stand(?:s|ing)?|sit(?:s|ting)?|play\w*|garden\w*|bath\w*|shower\w*|carr(?:y|ie)\w*"
    r"|chew\w*|swallow\w*|writ(?:e|es|ing)|hold(?:s|ing)?|bed|school|wants? to|hopes? to"
    r"|can no longer|cannot|unable to|could not|goals?)\b",
    re.IGNORECASE,
)

_SOUGHT = (
    ("Setting", SETTING),
    ("Duration", DURATION),
    ("Course", _COURSE),
    ("What was tried", _TRIED),
    ("Numbers with units", MEASURE),
    ("Function", _FUNCTION),
)

_NO_ACT = re.compile(
    r"\b(causes?|caused|explains?|explanation|diagnos[ie]s|mechanism|structures?|nerves?"
    r"|(?:skin|marked) (?:area|week|stretch)|source of|joint|interpretation|conclusions?|summary"
    r"|how (?:many|much)|probability|value|reasons?|most likely|categor(?:y|ies)|root"
    r"|(?:which|what) (?:[\w-]+ ){0,4}(?:findings?|features?|symptoms?|signs?|numbers?))\b",
    re.IGNORECASE,
)


def found_in(story: str) -> tuple[tuple[str, bool], ...]:
    """Return each thing that a case needs, and whether *story* says something of it."""
    read = story[:LONGEST]
    but_age = AGE.sub(" ", read)  # which would pass for a duration
    found = [(what, pattern.search(but_age) is not None) for what, pattern in _SOUGHT]
    return (("Age", AGE.search(read) is not None), *found)


def asks_for_an_act(lead_in: str) -> bool:
    """Return whether who chooses an option of *lead_in* may do something, which could harm.

    What asks for a cause, a finding or a number does not; of what cannot be told, it may.
    """
    return _NO_ACT.search(lead_in[:LONGEST]) is None


@dataclass(frozen=True)
class TextLength:
    """How long one text of several is: characters, and the percent that it is of the longest."""

    characters: int
    percent: int
    longest: bool


def lengths_of(texts: tuple[str, ...]) -> tuple[TextLength, ...]:
    """Return how long each of *texts* is beside the others; none is the longest if two are."""
    counts = [len(text.strip()) for text in texts]
    most = max(counts, default=0)
    alone = counts.count(most) == 1 and len(counts) > 1
    return tuple(
        TextLength(count, round(100 * count / most) if most else 0, alone and count == most)
        for count in counts
    )
