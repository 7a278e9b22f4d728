"""What the page of a review shows: the case with its keys, and what the reviewer chose blind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from lms.attempts.models import Confidence
from lms.authoring.reviews.redlining import redline
from lms.cases.knowledge import harm_said
from lms.cases.models import CaseVersion
from lms.cases.queries import shown
from question_bank.case import Case, InvalidCase
from question_bank.differences import differences
from question_bank.feedback import ItemFeedback, feedback_as_authored, with_harms_said
from question_bank.items import AnyItem, InvalidResponse

SURE = "#sure"
"""Among blind answers by item key, how sure they were; no key of an item begins so."""

_HOW_SURE = {each.value: f"How sure: {each.value}." for each in Confidence}


@dataclass(frozen=True)
class Blind:
    """What a blind answer came to: *good*, *warn* or *info*, a title, and what was chosen."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class ReviewedItem:
    """An item with key and reasons; `blind` is what the reviewer chose, None: nobody did.

    `mistakes` has the mistake that each distractor stands for, by its text.
    """

    number: int
    item: AnyItem
    result: ItemFeedback
    blind: Blind | None
    mistakes: Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """What stands at a place otherwise than before, marked."""

    place: str
    marked: Markup


def items_of(case: Case, answers: Mapping[str, Any] | None) -> dict[str, ReviewedItem]:
    """Return every item of *case* by its key; *answers* by item key, None: nobody answered."""
    found = {}
    sure: Mapping[str, str] = (answers or {}).get(SURE, {})
    for number, item in enumerate(case.questions, 1):
        blind = None if answers is None else _blind(number, item, answers.get(item.key))
        if blind is not None and (said := _HOW_SURE.get(sure.get(item.key, ""))):
            blind = replace(blind, text=f"{blind.text} {said}".strip())
        result = with_harms_said(feedback_as_authored(number, item), harm_said)
        if answers is not None:
            result = _with_chosen(result, item, answers.get(item.key))
        mistakes = {
            option.text: option.misconception
            for option in getattr(item, "options", ())
            if getattr(option, "misconception", None)
        }
        found[item.key] = ReviewedItem(number, item, result, blind, mistakes)
    return found


def _blind(number: int, item: AnyItem, raw: object) -> Blind:
    try:
        answer = item.parse_answer(raw)
    except InvalidResponse:
        return Blind("info", f"Item {number}: the blind answer cannot be read", "")
    if answer is None:
        return Blind("info", f"Item {number}: you left it blank", f"The key: “{item.key_text}”.")
    credit, own = item.credit_for(answer), f"You chose “{item.answer_text(answer)}”"
    if credit is None:
        return Blind("info", f"Item {number}: people mark this one", f"{own}.")
    if credit == Fraction(1):
        return Blind("good", f"Item {number}: your blind answer is the key", f"{own}. It is kept.")
    words = "is partly the key" if credit else "differs from the key"
    question = "Is the key right, and the item clear?"
    text = f"{own}, the key has “{item.key_text}”. {question}"
    return Blind("warn", f"Item {number}: your blind answer {words}", text)


def _with_chosen(result: ItemFeedback, item: AnyItem, raw: object) -> ItemFeedback:
    """Return *result* with the lines marked that a blind answer chose."""
    try:
        chosen = [line.chosen for line in item.review(item.parse_answer(raw))]
    except InvalidResponse:
        return result
    if len(chosen) != len(result.lines):
        return result
    lines = tuple(
        (letter, replace(line, chosen=was))
        for (letter, line), was in zip(result.lines, chosen, strict=True)
    )
    return replace(result, lines=lines)


def changed_since(before: CaseVersion | None, after: CaseVersion) -> list[Changed] | None:
    """Return what *after* says otherwise than *before*; None: there is nothing to compare."""
    if before is None or before.id == after.id:
        return None
    try:
        found = differences(shown(before), shown(after))
    except InvalidCase:
        return None
    return [Changed(each.place, redline(each.before, each.after)) for each in found]
