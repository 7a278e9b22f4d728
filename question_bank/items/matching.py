"""Matching: each left side has one right side; some right sides may match nothing."""

from fractions import Fraction
from typing import Annotated, Literal, Self, final

from pydantic import Field, model_validator

from question_bank.items.answers import Json
from question_bank.items.base import BaseItem, ReviewLine, check_different
from question_bank.items.editing import WHY, EditorPart, ListPart, TextPart
from question_bank.items.rows import (
    Picks,
    RowsForFellow,
    count_right,
    parse_picks,
    row_lines,
    share_right,
)
from question_bank.shapes import OptionText, Reason, Shape


class Pair(Shape):
    """Two things that belong together, and why."""

    left: OptionText
    right: OptionText
    why: Reason


class Decoy(Shape):
    """A right side that belongs to none of the left ones."""

    text: OptionText
    why: Reason


@final
class Matching(BaseItem[Picks]):
    """An answer's options are the right sides of the pairs in their order, then the distractors."""

    type: Literal["matching"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=3, max_length=8)]
    distractors: Annotated[tuple[Decoy, ...], Field(max_length=4)] = ()

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            ListPart(
                "pairs",
                "Pairs",
                "3 to 8; the fellow finds the right side to each left one.",
                of=(TextPart("left", "Left"), TextPart("right", "Right"), WHY),
                fewest=3,
                most=8,
                one="pair",
            ),
            ListPart(
                "distractors",
                "Right sides that match nothing",
                of=(TextPart("text", "Right"), WHY),
                most=4,
                one="right side",
            ),
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """Every right side, in the authored order."""
        decoys = (decoy.text for decoy in self.distractors)
        return (*(pair.right for pair in self.pairs), *decoys)

    @model_validator(mode="after")
    def _different(self) -> Self:
        check_different(pair.left for pair in self.pairs)
        check_different(self.choices)
        return self

    @property
    def key_text(self) -> str:
        """The pairs in words."""
        return "; ".join(f"{pair.left}: {pair.right}" for pair in self.pairs)

    @property
    def _keys(self) -> range:
        return range(len(self.pairs))

    @property
    def gist(self) -> Json:
        """The pairs, and what matches nothing."""
        pairs = sorted([pair.left, pair.right] for pair in self.pairs)
        return [pairs, sorted(decoy.text for decoy in self.distractors)]

    def for_fellow(self) -> RowsForFellow:
        """Return the item with right sides that may be shuffled."""
        spare = " Some match nothing." if self.distractors else ""
        return RowsForFellow(
            **self._common,
            hint=f"Choose one for each row.{spare}",
            options=self.choices,
            shuffle=True,
            selected=True,
            rows=tuple(pair.left for pair in self.pairs),
        )

    def _parsed(self, raw: object) -> Picks | None:
        """Return the right side chosen for each left one. See `parse_picks`."""
        return parse_picks(raw, len(self.pairs), self.choices)

    def _earned(self, answer: Picks) -> Fraction:
        """Return the share of left sides with their own right side."""
        return share_right(answer, self._keys)

    def _in_words(self, answer: Picks) -> str:
        choices = self.choices
        return "; ".join(
            f"{pair.left}: {'open' if index is None else choices[index]}"
            for pair, index in zip(self.pairs, answer.indices, strict=True)
        )

    def _summed_up(self, answer: Picks) -> str:
        return f"{count_right(answer, self._keys)} of {len(self.pairs)} right"

    def review(self, answer: Picks | None) -> tuple[ReviewLine, ...]:
        """Return every pair with its reason, then what matches nothing."""
        rows = ((pair.left, pair.why) for pair in self.pairs)
        pairs = row_lines(rows, self._keys, self.choices, answer)
        decoys = (
            ReviewLine(each.text, each.why, index=index)
            for index, each in enumerate(self.distractors, start=len(self.pairs))
        )
        return (*pairs, *decoys)
