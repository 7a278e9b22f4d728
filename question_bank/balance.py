"""How a quiz, with all that its cohort was given before, stands to the blueprint."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from question_bank.assembly import History, PoolItem
from question_bank.blueprint import Blueprint


@dataclass(frozen=True)
class Share:
    """What an approach or a topic has, in items: of a quiz, and of all that was given with it.

    `due` is its weight of all these; `weight` is in percent.
    """

    id: str
    weight: int
    here: int
    so_far: int
    due: Fraction

    @property
    def off(self) -> Fraction:
        """How many items it has too many; below 0: too few."""
        return self.so_far - self.due


@dataclass(frozen=True)
class HadCase:
    """A case that the cohort has had, last at a time, and how many items a quiz has of it."""

    case_id: int
    items: int
    last: datetime


@dataclass(frozen=True)
class Balance:
    """A quiz beside the blueprint. `total` is how many items the cohort has had with it.

    What yields to something else: `far`, the approaches that are more than an item from their
    share; `had`, the cases that the cohort has had; `bare`, the topics that lack an item or
    more while the bank has no case of them that the cohort has not had.
    """

    total: int
    approaches: tuple[Share, ...]
    had: tuple[HadCase, ...]
    bare: tuple[Share, ...]

    @property
    def far(self) -> tuple[Share, ...]:
        """The approaches that are more than an item from their share."""
        return tuple(share for share in self.approaches if abs(share.off) > 1)

    @property
    def yields(self) -> bool:
        """Whether any of these yields."""
        return bool(self.far or self.had or self.bare)


def balance(
    items: Collection[PoolItem],
    track: str,
    blueprint: Blueprint,
    history: History,
    unused: Collection[str],
) -> Balance:
    """Return how *items* stand to the weights of *track*.

    Args:
        items: The items of a quiz.
        track: The id of a track of *blueprint*.
        blueprint: The weights.
        history: What the cohort was given before.
        unused: The topics of which the bank has a case that the cohort has had neither before nor
            in this quiz.
    """
    total = history.topics.total() + len(items)

    def share(name: str, weight: int, topics: Collection[str]) -> Share:
        here = sum(item.topic in topics for item in items)
        before = sum(history.topics[topic] for topic in topics)
        return Share(name, weight, here, before + here, Fraction(weight * total, 100))

    topics = (share(each.id, each.weights.get(track, 0), [each.id]) for each in blueprint.topics)
    return Balance(
        total=total,
        approaches=tuple(
            share(each.id, each.weight(track), [topic.id for topic in each.topics])
            for each in blueprint.approaches
        ),
        had=tuple(
            HadCase(case_id, count, history.last(case_id))
            for case_id, count in Counter(item.case_id for item in items).items()
            if history.cases[case_id]
        ),
        bare=tuple(_bare(topics, unused)),
    )


def _bare(topics: Iterable[Share], unused: Collection[str]) -> Iterable[Share]:
    return (share for share in topics if share.off <= -1 and share.id not in unused)
