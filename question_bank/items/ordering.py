"""Ordering: steps to be put into their order."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Line,
    OptionText,
    Reason,
    Shape,
    check_different,
    common,
    fields_of,
    index_of,
    place,
)


class Step(Shape):
    """A step, and why it comes where it does."""

    text: OptionText
    why: Reason


@dataclass(frozen=True)
class Ranks:
    """The place given to each step, from 1, in the authored order of steps; None: none yet.

    Two steps may have the same place while the fellow still moves them about.
    """

    by_step: tuple[int | None, ...]

    def to_json(self) -> dict[str, object]:
        """Return what `parse` reads."""
        given = enumerate(self.by_step)
        return {"ranks": [[step, str(rank)] for step, rank in given if rank is not None]}


class Ordering(BaseItem):
    """`steps` stand in their right order."""

    type: Literal["ordering"]
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _different(self) -> Self:
        check_different(step.text for step in self.steps)
        return self


def parse(item: Ordering, raw: object) -> Ranks | None:
    """Return the answer in *raw*, `{"ranks": [[index, "place"], …]}`; None: nothing is placed.

    Raises:
        InvalidResponse: a step twice, or a place or a step that there is not.
    """
    ranks = fields_of(raw, "ranks").get("ranks")
    if ranks is None:
        return None
    if not isinstance(ranks, list):
        raise InvalidResponse("Give each step one of the places offered.")
    by_step: list[int | None] = [None] * len(item.steps)
    for each in ranks:
        step, rank = _placed(each, len(item.steps))
        if by_step[step] is not None:
            raise InvalidResponse("Give each step one of the places offered.")
        by_step[step] = rank
    return None if not any(by_step) else Ranks(tuple(by_step))


def _placed(raw: object, count: int) -> tuple[int, int]:
    match raw:
        case [step, str(text)] if text in {str(rank) for rank in range(1, count + 1)}:
            return index_of(step, count), int(text)
    raise InvalidResponse("Give each step one of the places offered.")


def credit(item: Ordering, answer: Ranks) -> Fraction:
    """Return the share of neighboring steps of the key that stand in the right order.

    Of *n* steps there are *n* − 1 such pairs; a pair counts if both have a place and the
    earlier step has the earlier one. Exchanging two neighbors costs one pair, the reverse
    order earns nothing.
    """
    return Fraction(_in_order(answer), len(item.steps) - 1)


def _in_order(answer: Ranks) -> int:
    return sum(
        first is not None and second is not None and first < second
        for first, second in pairwise(answer.by_step)
    )


def show(item: Ordering) -> ItemForFellow:
    """Return the steps, to be shuffled."""
    return ItemForFellow(
        **common(item),
        hint="Give each step its place, from 1 for the first.",
        options=tuple(step.text for step in item.steps),
        shuffle=True,
        selected=True,
    )


def read(shown: ItemForFellow, fields: Fields) -> object:
    """Return the JSON that one control a step stands for, `rank.0` on; None: all are open."""
    ranks = [
        [step, value]
        for step in range(len(shown.options))
        for value in fields.get(f"rank.{step}", ())
        if value
    ]
    return {"ranks": ranks} if ranks else None


def write(_shown: ItemForFellow, raw: dict[str, Any]) -> Fields:
    """Return the controls as they stand for *raw*."""
    placed = [each for each in raw.get("ranks", []) if isinstance(each, list) and len(each) == 2]
    return {f"rank.{place(str(step))}": [str(rank)] for step, rank in placed}


def key_text(item: Ordering) -> str:
    """Return the steps in their order."""
    return "; ".join(f"{rank}. {step.text}" for rank, step in enumerate(item.steps, start=1))


def answer_text(item: Ordering, answer: Ranks) -> str:
    """Return the steps in the order given."""
    given = [(rank, item.steps[n].text) for n, rank in enumerate(answer.by_step) if rank]
    return "; ".join(f"{rank}. {text}" for rank, text in sorted(given))


def sum_up(item: Ordering, answer: Ranks) -> str:
    """Return how many neighbors are in order."""
    return f"{_in_order(answer)} of {len(item.steps) - 1} neighboring steps in the right order"


def review(item: Ordering, answer: Ranks | None) -> tuple[Line, ...]:
    """Return every step with its place and its reason, in the right order."""
    ranks = answer.by_step if answer else (None,) * len(item.steps)
    return tuple(
        Line(
            step.text,
            step.why,
            is_key=rank == right,
            chosen=rank is not None,
            best=str(right),
            given=None if rank is None else str(rank),
        )
        for right, (step, rank) in enumerate(zip(item.steps, ranks, strict=True), start=1)
    )
