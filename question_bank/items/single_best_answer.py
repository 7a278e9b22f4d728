"""Single best answer: one key among three to five options."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Explanation,
    ItemForFellow,
    Option,
    Text,
    check_options,
    explain_options,
    fields_of,
    index_of,
)


@dataclass(frozen=True)
class Choice:
    """The option chosen, by its authored zero-based index."""

    index: int


class SingleBestAnswer(BaseItem):
    """`covered_answer` is what the author answered before there were options."""

    type: Literal["single_best_answer"]
    covered_answer: Text
    shuffle: bool = True
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5)]

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        check_options(self.options)
        keys = sum(option.key for option in self.options)
        if keys != 1:
            raise ValueError(f"mark exactly one option with “key: true”; {keys} are marked")
        return self


def parse(item: SingleBestAnswer, raw: object) -> Choice | None:
    """Return the answer in *raw*, `{"chosen": index}`, or None if nothing is chosen.

    Raises:
        InvalidResponse: *raw* is not an answer that *item* offers.
    """
    chosen = fields_of(raw, "chosen").get("chosen")
    return None if chosen is None else Choice(index_of(chosen, len(item.options)))


def credit(item: SingleBestAnswer, answer: Choice) -> Fraction:
    """Return 1 for the key, else 0."""
    return Fraction(int(item.options[answer.index].key))


def to_json(answer: Choice) -> dict[str, object]:
    """Return what `parse` reads."""
    return {"chosen": answer.index}


def show(item: SingleBestAnswer) -> ItemForFellow:
    """Return the item without its key."""
    return ItemForFellow(
        key=item.key,
        type=item.type,
        lead_in=item.lead_in,
        options=tuple(option.text for option in item.options),
        choose=None,
        unit=None,
        units=(),
        unit_required=False,
        shuffle=item.shuffle,
        points=item.points,
    )


def key_text(item: SingleBestAnswer) -> str:
    """Return the best answer in words."""
    return next(option.text for option in item.options if option.key)


def answer_text(item: SingleBestAnswer, answer: Choice) -> str:
    """Return the answer in words."""
    return item.options[answer.index].text


def explain(item: SingleBestAnswer) -> tuple[Explanation, ...]:
    """Return every option with its reason."""
    return explain_options(item.options)
