"""Feedback on an item: what an answer came to, and why each answer is right or wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from question_bank.items import Answer, AnyItem, ItemForFellow, ReviewLine
from question_bank.items.essay import Essay
from question_bank.items.key_feature import Entries
from question_bank.paper import LETTERS
from question_bank.scoring import amount

Lines = tuple[tuple[str, ReviewLine], ...]
"""What could be answered, each with the letter that it had on the page; empty: it had none."""


@dataclass(frozen=True)
class ItemFeedback:
    """What is said of an item afterwards.

    `kind`: *good*, *bad*, *warn* (part of the credit), *info* (no credit). `lines` are what
    could be answered, with the letter that it had on the page, and why it is right or wrong.
    Without an `item` it could not be graded. `own` is what the fellow wrote,
    where the answer is prose, and `note` what the person who marked it said.
    """

    position: int
    kind: str
    title: str
    text: str = ""
    item: ItemForFellow | None = None
    lines: Lines = ()
    own: str = ""
    confidence: str = ""
    note: str = ""

    @property
    def several(self) -> bool:
        """Whether there is more than one best answer."""
        return sum(line.is_key for _, line in self.lines) > 1

    @property
    def answers(self) -> Lines:
        """The lines of what could be answered, without the rows of pairs."""
        return tuple(each for each in self.lines if each[1].best is None)

    @property
    def unfolded(self) -> Lines:
        """Those of `answers` that are read first: the keys, and what was chosen."""
        return tuple(each for each in self.answers if each[1].chosen or each[1].is_key)

    @property
    def folded(self) -> Lines:
        """The others; none where there is nothing to read before them, or no credit is told."""
        if self.kind == "info" or not self.unfolded:
            return ()
        return tuple(each for each in self.answers if not each[1].chosen and not each[1].is_key)

    @property
    def harms(self) -> tuple[str, ...]:
        """The choices that would hurt the patient, and how: "C: Opioid withdrawal"."""
        return tuple(
            f"{letter or line.text}: {line.harm}"
            for letter, line in self.lines
            if line.chosen and line.harm
        )


def feedback_on(
    position: int,
    item: AnyItem,
    answer: Answer | None,
    credit: Fraction | None,
    *,
    order: Sequence[int],
    confidence: str = "",
    marks: Sequence[int] | None = None,
    note: str = "",
) -> ItemFeedback:
    """Return the feedback on *answer*, given with the options shown in *order*.

    No *credit*: a person has yet to mark the answer. *marks* are the levels that were chosen,
    one for each criterion, and *note* is what was said to them.
    """
    reviewed = item.marked(marks) if isinstance(item, Essay) and marks else item.review(answer)
    lines = _lettered(reviewed, order)
    title, text = _sentences(item, answer, lines, credit)
    kinds = {None: "info", Fraction(0): "bad", Fraction(1): "good"}
    return ItemFeedback(
        position=position,
        kind=kinds.get(credit, "warn"),
        title=title,
        text=text,
        item=item.for_fellow(),
        lines=lines,
        own=item.answer_text(answer),
        confidence=confidence,
        note=note,
    )


def feedback_as_authored(position: int, item: AnyItem) -> ItemFeedback:
    """Return *item* with its key and its reasons, for those who write and assign."""
    shown = item.for_fellow()
    return ItemFeedback(
        position=position,
        kind="info",
        title=": ".join(filter(None, (item.key_name, item.key_text))),
        text=item.remark(None),
        item=shown,
        lines=_lettered(item.review(None), range(len(shown.options))),
    )


def with_points(feedback: ItemFeedback, points: int) -> ItemFeedback:
    """Return *feedback* on an item that weighed so many points where it was asked."""
    return replace(feedback, item=feedback.item and replace(feedback.item, points=points))


def with_harms_said(feedback: ItemFeedback, said: Callable[[str], str]) -> ItemFeedback:
    """Return *feedback* with what an act does to the patient, *said* in words, for its id."""
    lines = (
        (letter, replace(line, harm=said(line.harm)) if line.harm else line)
        for letter, line in feedback.lines
    )
    return replace(feedback, lines=tuple(lines))


def _lettered(
    lines: Sequence[ReviewLine], order: Sequence[int]
) -> tuple[tuple[str, ReviewLine], ...]:
    """Return *lines*, those of options in the order they were shown in, with their letters."""
    places = {index: place for place, index in enumerate(order)}
    rows = [("", line) for line in lines if line.index is None]
    options = sorted((places[line.index], line) for line in lines if line.index is not None)
    return (*rows, *((LETTERS[place], line) for place, line in options))


def _sentences(
    item: AnyItem,
    answer: Answer | None,
    lines: Sequence[tuple[str, ReviewLine]],
    credit: Fraction | None,
) -> tuple[str, str]:
    """Return the sentence over the feedback on an item, and a second one, maybe empty."""
    remark = item.remark(answer)
    if credit is None:
        return "Waiting for a person to mark it", remark
    best = ", ".join(letter for letter, line in lines if letter and line.is_key) or item.key_text
    several = sum(line.is_key for _, line in lines) > 1
    noun = item.key_name.replace("answer", "answers") if several else item.key_name
    parts = item.sum_up(answer)
    if answer is None:
        return (
            "Not answered"
            if any(line.best for _, line in lines)
            else f"Not answered. {noun}: {best}"
        ), remark
    if parts:
        return parts, remark
    if isinstance(item, Essay):
        return f"Marked: {amount(credit)} of 1", remark
    own = ", ".join(letter for letter, line in lines if letter and line.chosen)
    chose = f"You chose {own}" if own else f"You wrote {item.answer_text(answer)}"
    if credit == 1 and _only_keys(answer, lines):
        return f"{chose}: {noun.lower()}", remark
    share = "" if credit in (0, 1) else f"Part of the credit: {amount(credit)} of 1."
    return f"{chose}. {noun}: {best}", " ".join(filter(None, (share, remark)))


def _only_keys(answer: Answer, lines: Sequence[tuple[str, ReviewLine]]) -> bool:
    """Whether nothing but keys was chosen, or written in."""
    chosen = [line for _, line in lines if line.chosen]
    written = [text for text in answer.texts if text] if isinstance(answer, Entries) else []
    return all(line.is_key for line in chosen) and len(written) <= len(chosen)
