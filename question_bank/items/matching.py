"""Matching: each left side has one right side; some right sides may match nothing."""

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Line,
    OptionText,
    Reason,
    Shape,
    check_different,
    common,
)
from question_bank.items.rows import (
    Picks,
    ShownInRows,
    count_right,
    parse_picks,
    read_picks,
    row_lines,
    share_right,
    write_picks,
)


class Pair(Shape):
    """Two things that belong together, and why."""

    left: OptionText
    right: OptionText
    why: Reason


class Decoy(Shape):
    """A right side that belongs to none of the left ones."""

    text: OptionText
    why: Reason


class Matching(BaseItem):
    """An answer's options are the right sides of the pairs in their order, then the distractors."""

    type: Literal["matching"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=3, max_length=8)]
    distractors: Annotated[tuple[Decoy, ...], Field(max_length=4)] = ()

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


def parse(item: Matching, raw: object) -> Picks | None:
    """Return the right side chosen for each left one. See `parse_picks`."""
    return parse_picks(raw, len(item.pairs), item.choices)


def _keys(item: Matching) -> range:
    return range(len(item.pairs))


def credit(item: Matching, answer: Picks) -> Fraction:
    """Return the share of left sides with their own right side."""
    return share_right(answer, _keys(item))


def show(item: Matching) -> ShownInRows:
    """Return the item with right sides that may be shuffled."""
    spare = " Some match nothing." if item.distractors else ""
    return ShownInRows(
        **common(item),
        hint=f"Choose one for each row.{spare}",
        options=item.choices,
        shuffle=True,
        selected=True,
        rows=tuple(pair.left for pair in item.pairs),
    )


read, write = read_picks, write_picks


def key_text(item: Matching) -> str:
    """Return the pairs in words."""
    return "; ".join(f"{pair.left}: {pair.right}" for pair in item.pairs)


def answer_text(item: Matching, answer: Picks) -> str:
    """Return the answer in words, row by row."""
    return "; ".join(
        f"{pair.left}: {'open' if index is None else item.choices[index]}"
        for pair, index in zip(item.pairs, answer.indices, strict=True)
    )


def sum_up(item: Matching, answer: Picks) -> str:
    """Return how many pairs are right."""
    return f"{count_right(answer, _keys(item))} of {len(item.pairs)} right"


def review(item: Matching, answer: Picks | None) -> tuple[Line, ...]:
    """Return every pair with its reason, then what matches nothing."""
    rows = ((pair.left, pair.why) for pair in item.pairs)
    pairs = row_lines(rows, _keys(item), item.choices, answer)
    first = len(item.pairs)
    decoys = (Line(each.text, each.why, index=first + n) for n, each in enumerate(item.distractors))
    return (*pairs, *decoys)
