"""Ordering: steps to be put into their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, final

from pydantic import Field, model_validator

from question_bank.items.answers import InvalidResponse, Json, fields_of, index_of
from question_bank.items.base import BaseItem, ReviewLine, check_different
from question_bank.items.editing import WHY, EditorPart, ListPart, TextPart
from question_bank.items.shown import Controls, Fields, ItemForFellow, place
from question_bank.shapes import OptionText, Reason, Shape

MISPLACED = "Give each step one of the places offered."


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
        """Return what `Ordering.parse_answer` reads."""
        given = enumerate(self.by_step)
        return {"ranks": [[step, str(rank)] for step, rank in given if rank is not None]}


@dataclass(frozen=True, kw_only=True)
class OrderingForFellow(ItemForFellow):
    """The steps, each with a control for its place, `rank.0` on."""

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON that the controls of the steps stand for; None: all are open."""
        ranks: list[Json] = [
            [step, value]
            for step in range(len(self.options))
            for value in fields.get(f"rank.{step}", ())
            if value
        ]
        return {"ranks": ranks} if ranks else None

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        ranks = raw.get("ranks", [])
        placed = [each for each in ranks if isinstance(each, list) and len(each) == 2]
        return {f"rank.{place(str(step))}": [str(rank)] for step, rank in placed}


@final
class Ordering(BaseItem[Ranks]):
    """`steps` stand in their right order."""

    type: Literal["ordering"]
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=8)]

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            ListPart(
                "steps",
                "Steps",
                "3 to 8, in their right order; they are shuffled when they are asked.",
                of=(TextPart("text", "Step"), WHY),
                fewest=3,
                most=8,
                one="step",
                ordered=True,
            ),
        )

    @model_validator(mode="after")
    def _different(self) -> Self:
        check_different(step.text for step in self.steps)
        return self

    @property
    def key_text(self) -> str:
        """The steps in their order."""
        return "; ".join(f"{rank}. {step.text}" for rank, step in enumerate(self.steps, start=1))

    @property
    def gist(self) -> Json:
        """The steps in their right order."""
        return [step.text for step in self.steps]

    def for_fellow(self) -> OrderingForFellow:
        """Return the steps, to be shuffled."""
        return OrderingForFellow(
            **self._common,
            hint="Give each step its place, from 1 for the first.",
            options=tuple(step.text for step in self.steps),
            shuffle=True,
            selected=True,
        )

    def _parsed(self, raw: object) -> Ranks | None:
        """Return the answer in *raw*, `{"ranks": [[index, "place"], …]}`; None: nothing is placed.

        Raises:
            InvalidResponse: a step twice, or a place or a step that there is not.
        """
        ranks = fields_of(raw, "ranks").get("ranks")
        if ranks is None:
            return None
        if not isinstance(ranks, list):
            raise InvalidResponse(MISPLACED)
        by_step: list[int | None] = [None] * len(self.steps)
        for each in ranks:
            step, rank = _placed(each, len(self.steps))
            if by_step[step] is not None:
                raise InvalidResponse(MISPLACED)
            by_step[step] = rank
        return None if not any(by_step) else Ranks(tuple(by_step))

    def _earned(self, answer: Ranks) -> Fraction:
        """Return the share of neighboring steps of the key that stand in the right order.

        Of *n* steps there are *n* − 1 such pairs; a pair counts if both have a place and the
        earlier step has the earlier one. Exchanging two neighbors costs one pair, the reverse
        order earns nothing.
        """
        return Fraction(_in_order(answer), len(self.steps) - 1)

    def _in_words(self, answer: Ranks) -> str:
        """Return the steps in the order given."""
        given = [(rank, self.steps[n].text) for n, rank in enumerate(answer.by_step) if rank]
        return "; ".join(f"{rank}. {text}" for rank, text in sorted(given))

    def _summed_up(self, answer: Ranks) -> str:
        return f"{_in_order(answer)} of {len(self.steps) - 1} neighboring steps in the right order"

    def review(self, answer: Ranks | None) -> tuple[ReviewLine, ...]:
        """Return every step with its place and its reason, in the right order."""
        ranks = answer.by_step if answer else (None,) * len(self.steps)
        return tuple(
            ReviewLine(
                step.text,
                step.why,
                is_key=rank == right,
                chosen=rank is not None,
                best=str(right),
                given=None if rank is None else str(rank),
            )
            for right, (step, rank) in enumerate(zip(self.steps, ranks, strict=True), start=1)
        )


def _placed(raw: object, count: int) -> tuple[int, int]:
    match raw:
        case [step, str(text)] if text in {str(rank) for rank in range(1, count + 1)}:
            return index_of(step, count), int(text)
    raise InvalidResponse(MISPLACED)


def _in_order(answer: Ranks) -> int:
    return sum(
        first is not None and second is not None and first < second
        for first, second in pairwise(answer.by_step)
    )
