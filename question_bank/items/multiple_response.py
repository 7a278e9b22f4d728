"""Multiple response: one or more keys among three to eight options."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Explanation,
    InvalidResponse,
    ItemForFellow,
    Option,
    Text,
    check_options,
    explain_options,
    fields_of,
    index_of,
)


@dataclass(frozen=True)
class Choices:
    """The options chosen, by their authored zero-based indices; at least one."""

    indices: frozenset[int]


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
        check_options(self.options)
        if not self.keys:
            raise ValueError("mark at least one option with “key: true”")
        if len(self.keys) == len(self.options):
            raise ValueError("leave at least one option that is wrong")
        if self.choose is not None and self.choose != len(self.keys):
            raise ValueError(f"“choose” says {self.choose}, but {len(self.keys)} options are keys")
        return self


def parse(item: MultipleResponse, raw: object) -> Choices | None:
    """Return the answer in *raw*, `{"chosen": [index, …]}`, or None if nothing is chosen.

    Raises:
        InvalidResponse: *raw* is not an answer that *item* offers.
    """
    chosen = fields_of(raw, "chosen").get("chosen")
    if chosen is None:
        return None
    if not isinstance(chosen, list):
        raise InvalidResponse("Choose among the options shown.")
    indices = frozenset(index_of(index, len(item.options)) for index in chosen)
    return Choices(indices) if indices else None


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


def to_json(answer: Choices) -> dict[str, object]:
    """Return what `parse` reads."""
    return {"chosen": sorted(answer.indices)}


def show(item: MultipleResponse) -> ItemForFellow:
    """Return the item without its keys."""
    return ItemForFellow(
        key=item.key,
        type=item.type,
        lead_in=item.lead_in,
        options=tuple(option.text for option in item.options),
        choose=item.choose,
        unit=None,
        units=(),
        unit_required=False,
        shuffle=item.shuffle,
        points=item.points,
    )


def key_text(item: MultipleResponse) -> str:
    """Return the best answers in words."""
    return "; ".join(option.text for option in item.options if option.key)


def answer_text(item: MultipleResponse, answer: Choices) -> str:
    """Return the answer in words."""
    return "; ".join(item.options[index].text for index in sorted(answer.indices))


def explain(item: MultipleResponse) -> tuple[Explanation, ...]:
    """Return every option with its reason."""
    return explain_options(item.options)
