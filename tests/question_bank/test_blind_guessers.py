"""Who guesses without the vignette hardly does better than chance.

Three guessers answer the single-best-answer items of the starter bank and read the options alone.
Their words were written down before the items were mended, and stay: what a guesser finds is mended
in the item, by letting the vignette decide.
"""

import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from question_bank.formats.native import read_case
from question_bank.items.single_best_answer import SingleBestAnswer
from tests.question_bank.builders import case_files

MOST_ABOVE_CHANCE = Fraction(8, 100)
"""By how much of all items a guesser may beat chance."""

HEDGES = """
    about after alternative although appropriate around as-needed before careful carefully cautious
    consider considered considering could depending first first-line if initial initially later
    likely low lowest may might minimal modest next once option partial possible possibly pending
    probably provided reasonable recheck repeat review reviewed small smaller some still suggest
    suggests though trial unless until where while with
"""
"""Words by which a careful author makes an answer safe."""

VIRTUES = """
    activity advice affirm agreement agreed alongside ask asking assess assessment care careful
    check checks clinic coach collaborative combined communicate continue continued coordinate
    correct discuss discussed discussion document educate education evaluate evaluation exercise
    explain exposure family function functional goal goals gradual gradually graded guideline
    individual interdisciplinary listen little measured monitor monitored monitoring
    multidisciplinary multimodal naloxone offer offered optimize patient physical plan planned
    praise prescriber
    prevention program psychological psychologist psychotherapy rapport reassess reassurance
    rechecked reduce referral reflect rehabilitation resume review reviewed safe safely safety
    school screen self-management shared slow slowly specialist step steps stepwise supervised
    support supported taper team therapist therapy timed together training treat treatment urgent
    validate values verified walk walking watched
"""
"""Words of the good clinician: careful, gradual, shared, watched, by talk and by movement."""

Score = Callable[[str], int]


def words_in(listed: str) -> Score:
    """Return what counts the words of a text that are *listed*."""
    known = frozenset(listed.split())
    return lambda text: sum(word in known for word in re.findall(r"[a-z][a-z-]*", text.lower()))


GUESSERS: dict[str, Score] = {
    "the longest option": len,
    "the most hedged": words_in(HEDGES),
    "the most virtuous": words_in(VIRTUES),
}


def items() -> list[SingleBestAnswer]:
    """Return every single-best-answer item of the starter bank."""
    cases = [read_case(path.read_text(encoding="utf-8"), path.name) for path in case_files()]
    return [item for case in cases for item in case.questions if isinstance(item, SingleBestAnswer)]


def luck(item: SingleBestAnswer, score: Score) -> Fraction:
    """Return how likely who picks among the options that *score* most hits the key of *item*."""
    scores = [score(option.text) for option in item.options]
    scored = zip(item.options, scores, strict=True)
    best = [option.key for option, found in scored if found == max(scores)]
    return Fraction(sum(best), len(best))


@pytest.mark.parametrize("guesser", GUESSERS)
def test_a_guesser_who_sees_the_options_alone_hardly_beats_chance(guesser: str) -> None:
    asked = items()

    right = sum(luck(item, GUESSERS[guesser]) for item in asked) / len(asked)
    chance = sum(Fraction(1, len(item.options)) for item in asked) / len(asked)

    assert float(right) <= float(chance + MOST_ABOVE_CHANCE)
