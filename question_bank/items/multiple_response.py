"""Multiple response: one or more keys among three to eight options."""

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    ItemForFellow,
    Line,
    Option,
    Text,
    check_different,
    common,
    option_lines,
)
from question_bank.items.choices import Choices, parse_choices, read_choices, write_chosen


class MultipleResponse(BaseItem):
    """`choose`, where given, is the number of keys and is told to the fellow."""

    type: Literal["multiple_response"]
    covered_answer: Text
    shuffle: bool = True
    choose: int | None = None
    credit: Literal["net_correct", "exact"] = "net_correct"
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=8)]

    @property
    def keys(self) -> frozenset[int]:
        """The indices of the options that are right."""
        return frozenset(index for index, option in enumerate(self.options) if option.key)

    @model_validator(mode="after")
    def _keys_and_distractors(self) -> Self:
        check_different(option.text for option in self.options)
        if not self.keys:
            raise ValueError("mark at least one option with “key: true”")
        if len(self.keys) == len(self.options):
            raise ValueError("leave at least one option that is wrong")
        if self.choose is not None and self.choose != len(self.keys):
            raise ValueError(f"“choose” says {self.choose}, but {len(self.keys)} options are keys")
        return self


def parse(item: MultipleResponse, raw: object) -> Choices | None:
    """Return the options chosen. See `parse_choices`."""
    return parse_choices(raw, item.options)


def credit(item: MultipleResponse, answer: Choices) -> Fraction:
    """Return hits minus false alarms as a share of the key, not below 0; or all or nothing.

    Ticking everything earns no more than leaving the item blank, as long as at least half
    of the options are distractors. Known as "net correct" scoring.
    """
    if item.credit == "exact":
        return Fraction(int(answer.indices == item.keys))
    hits = len(answer.indices & item.keys)
    false_alarms = len(answer.indices - item.keys)
    return max(Fraction(hits - false_alarms, len(item.keys)), Fraction(0))


def show(item: MultipleResponse) -> ItemForFellow:
    """Return the item without its keys."""
    return ItemForFellow(
        **common(item),
        hint=f"Choose {item.choose}." if item.choose else "Select all that apply.",
        options=tuple(option.text for option in item.options),
        shuffle=item.shuffle,
        selected=True,
    )


read, write = read_choices, write_chosen


def key_text(item: MultipleResponse) -> str:
    """Return the best answers in words."""
    return "; ".join(option.text for option in item.options if option.key)


def answer_text(item: MultipleResponse, answer: Choices) -> str:
    """Return the answer in words."""
    return "; ".join(item.options[index].text for index in sorted(answer.indices))


def review(item: MultipleResponse, answer: Choices | None) -> tuple[Line, ...]:
    """Return every option with its reason."""
    return option_lines(item.options, () if answer is None else answer.indices)
