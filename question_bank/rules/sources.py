"""Rules on what an answer rests on: reasons, references, facts, tags."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, date

from question_bank.blueprint import check_tags
from question_bank.rules.base import Hit
from question_bank.rules.reading import CaseReading, TextRole
from question_bank.shapes import POSITION

LONGEST_VALID = 24
"""Months that a review is good for."""

PLACES = re.compile(
    r"\b(?:see|as|mentioned|described|listed|shown|noted|stated|given|named|explained|discussed"
    r"|options?|answers?|choices?|the ones?|those) (?:above|below)(?=[\s]*(?:[.,;:)]|$|is\b|are\b))"
    r"|\bthe (?:above|below)(?=\s*(?:[.,;:)]|$))"
    r"|\bthe (?:above|below)[- ](?:mentioned|named|options?|answers?|choices?)"
    r"|\bthe (?:first|second|third|fourth|fifth|previous|preceding|following|former|latter)"
    r" (?:options?|answers?)\b"
    r"|\b(?:options?|answers?) (?-i:[A-H]|[1-8])\b(?! ?(?:%|of\b))"
    r"|\blisted (?:first|last)\b",
    re.IGNORECASE,
)
"""Words that point at a place in a list, which shuffling makes wrong."""

FEWEST_WORDS = 12


def reasons_stand_alone(reading: CaseReading) -> Iterator[Hit]:
    """L25: a reason for every option, which does not point at a place. House rule; NBME Guide."""
    for passage in reading.passages(TextRole.WHY):
        match = PLACES.search(passage.text) or POSITION.search(passage.text)
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
    """L26: a recent review, and facts that exist and may carry a key. House rule."""
    case, today = reading.case, reading.day
    if not case.references:
        yield Hit("references", "no source is named", "cite a guideline or a landmark paper")
    if case.reviewed_on > today:
        yield Hit("reviewed_on", f"{case.reviewed_on} lies ahead", "give the day of the review")
    if months_after(case.reviewed_on, LONGEST_VALID) < today:
        yield Hit(
            "reviewed_on",
            f"the review of {case.reviewed_on} is more than {LONGEST_VALID} months old",
            "review the case against its sources and record the day",
        )
    elif case.review_by < today:
        yield Hit(
            "review_by",
            f"the case was due for review on {case.review_by}",
            "review the case against its sources and set a new date",
        )
    yield from _facts(reading)


def _facts(reading: CaseReading) -> Iterator[Hit]:
    if reading.facts is None:
        return
    unsure = []
    for n, fact in enumerate(reading.case.facts):
        if fact not in reading.facts:
            yield Hit(f"facts[{n}]", f"{fact} is not in the fact base", "correct the id")
        elif reading.facts[fact] == "check":
            unsure.append((n, fact))
    only = len(unsure) == len(reading.case.facts)
    for n, fact in unsure:
        yield Hit(
            f"facts[{n}]",
            f"{fact} still has to be checked{', and no other fact carries the keys' * only}",
            "let a clinician open its source first",
            level="E" if only else "I",
        )


def months_after(day: date, months: int) -> date:
    """Return the day so many months after *day*; the month's last if it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > MAXYEAR:
        return date.max
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def tags_known(reading: CaseReading) -> Iterator[Hit]:
    """L27: topic, tracks, level, focus and the rest are in the blueprint. House rule."""
    for problem in check_tags(reading.case, reading.blueprint):
        yield Hit(problem.field, problem.message, "use an id of the blueprint")
