"""Single best answer: one key among three to five options."""

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
from question_bank.items.choices import Choice, parse_choice, read_choice, write_chosen


class SingleBestAnswer(BaseItem):
    """`covered_answer` is what the author answered before there were options."""

    type: Literal["single_best_answer"]
    covered_answer: Text
    shuffle: bool = True
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5)]

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        check_different(option.text for option in self.options)
        keys = sum(option.key for option in self.options)
        if keys != 1:
            raise ValueError(f"mark exactly one option with “key: true”; {keys} are marked")
        return self


def parse(item: SingleBestAnswer, raw: object) -> Choice | None:
    """Return the option chosen. See `parse_choice`."""
    return parse_choice(raw, item.options)


def credit(item: SingleBestAnswer, answer: Choice) -> Fraction:
    """Return 1 for the key, else 0."""
    return Fraction(int(item.options[answer.index].key))


def show(item: SingleBestAnswer) -> ItemForFellow:
    """Return the item without its key."""
    return ItemForFellow(
        **common(item),
        options=tuple(option.text for option in item.options),
        shuffle=item.shuffle,
        selected=True,
    )


read, write = read_choice, write_chosen


def key_text(item: SingleBestAnswer) -> str:
    """Return the best answer in words."""
    return next(option.text for option in item.options if option.key)


def answer_text(item: SingleBestAnswer, answer: Choice) -> str:
    """Return the answer in words."""
    return item.options[answer.index].text


def review(item: SingleBestAnswer, answer: Choice | None) -> tuple[Line, ...]:
    """Return every option with its reason."""
    return option_lines(item.options, () if answer is None else (answer.index,))
