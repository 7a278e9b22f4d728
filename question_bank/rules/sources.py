"""Rules on what an answer rests on: reasons, references, facts, tags."""

import re
from collections.abc import Iterator

from question_bank.blueprint import check_tags
from question_bank.rules.base import Hit
from question_bank.rules.reading import CaseReading, TextRole
from question_bank.rules.words import Sought
from question_bank.shapes import POSITION

PLACES = Sought(
    re.compile(
        r"\b(?:see|as|mentioned|described|listed|shown|noted|stated|given|named|explained|discussed"
        r"|options?|answers?|choices?|the ones?|those) (?:above|below)"
        r"(?=[\s]*(?:[.,;:)]|$|is\b|are\b))"
        r"|\bthe (?:above|below)(?=\s*(?:[.,;:)]|$))"
        r"|\bthe (?:above|below)[- ](?:mentioned|named|options?|answers?|choices?)"
        r"|\bthe (?:first|second|third|fourth|fifth|previous|preceding|following|former|latter)"
        r" (?:options?|answers?)\b"
        r"|\b(?:options?|answers?) (?-i:[A-H]|[1-8])\b(?! ?(?:%|of\b))"
        r"|\blisted (?:first|last)\b",
        re.IGNORECASE,
    ),
    ("above", "below", "option", "answer", "listed"),
)
"""Words that point at a place in a list, which shuffling makes wrong."""

LETTERS = Sought(POSITION, ("option", "answer", "choice"))

FEWEST_WORDS = 12

_ARTICLE = re.compile(
    r"\b(?:19|20)\d\d; ?\d|(?:\b[A-Z]\w*|\)) (?:19|20)\d\d(?:$|,)|\bvolume \d|\bJournal\b"
)
"""Year and volume, or the year after the name, as an article in a journal is cited."""

_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" (?:19|20)\d\d$"
)
"""How what agencies publish themselves is dated."""

_PUBMED = re.compile(r"\bPMID:? ?\d|\bPMC\d")


def reasons_stand_alone(reading: CaseReading) -> Iterator[Hit]:
    """L25: a reason for every option, which does not point at a place. House rule; NBME Guide."""
    for passage in reading.passages(TextRole.WHY):
        match = PLACES.search(passage.text) or LETTERS.search(passage.text)
        if match:
            yield Hit(
                passage.field,
                f"“{match[0]}” points at a place, and options are shuffled",
                "name the option by what it says",
            )
        elif len(passage.text.split()) < FEWEST_WORDS:
            yield Hit(
                passage.field,
                f"it has fewer than {FEWEST_WORDS} words",
                "say why, for this patient",
            )


def sources_hold(reading: CaseReading) -> Iterator[Hit]:
    """L26: sources, and facts that exist and may carry a key. House rule.

    When a case is to be reviewed again is a state of the case on a day, and nothing of its text.
    """
    if not reading.case.references:
        yield Hit("references", "no source is named", "cite a guideline or a landmark paper")
    yield from _facts(reading)


def _facts(reading: CaseReading) -> Iterator[Hit]:
    if reading.facts is None:
        return
    unsure = []
    for n, fact in enumerate(reading.case.facts):
        if fact not in reading.facts:
            yield Hit(f"facts[{n}]", f"{fact} is not in the fact base", "correct the id")
        elif reading.facts[fact].status == "check":
            unsure.append((n, fact))
    only = len(unsure) == len(reading.case.facts)
    for n, fact in unsure:
        yield Hit(
            f"facts[{n}]",
            f"{fact} still has to be checked{', and no other fact carries the keys' * only}",
            "let a clinician open its source first",
            level="E" if only else "I",
        )


def facts_sourced(reading: CaseReading) -> Iterator[Hit]:
    """L37: every fact that a case names says where it is to be read. House rule.

    A case none of whose facts does so rests on nothing.
    """
    known = reading.facts or {}
    named = ((n, known[fact]) for n, fact in enumerate(reading.case.facts) if fact in known)
    bare = [(n, fact) for n, fact in named if not fact.sources]
    only = len(bare) == len(reading.case.facts)
    for n, fact in bare:
        yield Hit(
            f"facts[{n}]",
            f"{fact.id} names no source{', and no other fact of the case does' * only}",
            "look its source up, or rest the key on another fact",
            level="E" if only else None,
        )


def tags_known(reading: CaseReading) -> Iterator[Hit]:
    """L27: topic, tracks, level, focus and the rest are in the blueprint. House rule."""
    for problem in check_tags(reading.case, reading.blueprint):
        yield Hit(problem.field, problem.message, "use an id of the blueprint")


def sibling_known(reading: CaseReading) -> Iterator[Hit]:
    """L34: a case is a sibling of one in the bank. House rule."""
    sibling = reading.case.sibling_of
    if sibling is not None and reading.slugs is not None and sibling not in reading.slugs:
        yield Hit("sibling_of", f"there is no case “{sibling}”", "name the slug of a case")


def articles_found_again(reading: CaseReading) -> Iterator[Hit]:
    """L36: an article in a journal has its DOI, or a number in PubMed. House rule.

    Books, labels and what agencies publish themselves have none, and are not cited by volume.
    """
    for n, reference in enumerate(reading.case.references):
        if reference.doi is None and is_article(reference.source):
            yield Hit(
                f"references[{n}].doi",
                "an article in a journal is cited without its DOI",
                "add it, or say in a waiver why there is none",
            )


def is_article(source: str) -> bool:
    """Return whether *source* is a journal, and gives no number in PubMed."""
    if in_pubmed(source) or _MONTH.search(source):
        return False
    return _ARTICLE.search(source) is not None


def in_pubmed(source: str) -> bool:
    """Return whether *source* gives the number that it has in PubMed."""
    return _PUBMED.search(source) is not None
