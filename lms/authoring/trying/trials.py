"""What is tried out, and how far somebody has come with it. Nothing of it is stored."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lms.attempts.models import Confidence
from question_bank.case import Case
from question_bank.items import AnyItem
from question_bank.paper import order_of


@dataclass(frozen=True)
class TriedItem:
    """An item that is asked: its `position` from 1, its case's `number` from 1, its `stage` from 0.

    `points` is how much it weighs. `withheld`: it is asked, and counts in no score.
    """

    position: int
    number: int
    stage: int
    item: AnyItem
    points: int
    withheld: bool = False


@dataclass(frozen=True)
class TriedCase:
    """A case as it is tried out. `signed`: a clinician answers for it as it stands."""

    body: Case
    items: tuple[TriedItem, ...]
    signed: bool = False


@dataclass(frozen=True)
class Tried:
    """What is tried out, under a title.

    `mark` says what it is and in which state, so that what was begun with another state of it is
    known for that: "case 4, version 9".
    """

    mark: str
    title: str
    cases: tuple[TriedCase, ...]

    @cached_property
    def items(self) -> tuple[TriedItem, ...]:
        """All items, in order."""
        return tuple(item for case in self.cases for item in case.items)

    @cached_property
    def steps(self) -> tuple[tuple[int, int], ...]:
        """Case number and stage of each page, in order: one for a case that says all at once."""
        return tuple(dict.fromkeys((item.number, item.stage) for item in self.items))


@dataclass(frozen=True)
class Given:
    """What was answered: JSON in authored indices, None: blank; and how sure it was."""

    answer: Mapping[str, Any] | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True)
class Trial:
    """How far somebody has come: the page carries it.

    `seed` settles the order of options, `step` counts the pages that are done, and `given` has
    what was answered, by position.
    """

    seed: int
    step: int = 0
    given: Mapping[int, Given] = field(default_factory=dict)

    def onward(self, given: Mapping[int, Given]) -> "Trial":
        """Return the trial with one more page done, on which *given* was answered."""
        return replace(self, step=self.step + 1, given={**self.given, **given})

    def answer_to(self, item: TriedItem) -> Given:
        """Return what was given to an item."""
        return self.given.get(item.position, Given())


def whole_case(body: Case, *, mark: str, signed: bool = False) -> Tried:
    """Return a case to be tried out with all its items, each weighing what the case says.

    Args:
        body: What the case says, as pages show it (see `cases.queries.shown`).
        mark: What it is, and in which state.
        signed: Whether a clinician answers for it.
    """
    asked = [(stage, item) for stage, part in enumerate(body.parts) for item in part.items]
    items = tuple(
        TriedItem(position, 1, stage, item, item.points)
        for position, (stage, item) in enumerate(asked, start=1)
    )
    return Tried(mark, body.title, (TriedCase(body, items, signed=signed),))


def orders(tried: Tried, trial: Trial) -> dict[int, tuple[int, ...]]:
    """Return the order in which the options of each item are shown, by its position."""
    chance = random.Random(trial.seed)  # noqa: S311
    return {each.position: tuple(order_of(each.item, chance.shuffle)) for each in tried.items}


def is_over(tried: Tried, trial: Trial) -> bool:
    """Return whether all pages are done."""
    return trial.step >= len(tried.steps)


def confidence_by_key(tried: Tried, trial: Trial) -> dict[str, str]:
    """Return how sure it was of each item of a case, by the item's key, where that was said."""
    given = {each.item.key: trial.answer_to(each).confidence for each in tried.items}
    return {key: sure.value for key, sure in given.items() if sure is not None}


def answers_by_key(tried: Tried, trial: Trial) -> dict[str, Mapping[str, Any] | None]:
    """Return what was answered to each item of a case, by the item's key; None: left blank."""
    return {each.item.key: trial.answer_to(each).answer for each in tried.items}
