"""Extended matching: one list of options under a theme, and several people to apply it to."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Line,
    OptionText,
    Reason,
    Shape,
    Text,
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


class Entry(Shape):
    """An option of the list; `why` says whom it would fit."""

    text: OptionText
    why: Reason


class Stem(Shape):
    """A person; `key` is the text of the option that fits best."""

    text: Text
    key: Text
    why: Reason


class ExtendedMatching(BaseItem):
    """Options stand in an order of their own, and may be right once, often or never."""

    type: Literal["extended_matching"]
    theme: Annotated[Text, Field(max_length=120)]
    options: Annotated[tuple[Entry, ...], Field(min_length=6, max_length=12)]
    stems: Annotated[tuple[Stem, ...], Field(min_length=2, max_length=6)]

    @model_validator(mode="after")
    def _keys_are_options(self) -> Self:
        check_different(option.text for option in self.options)
        texts = {option.text for option in self.options}
        for stem in self.stems:
            if stem.key not in texts:
                raise ValueError(f"the key “{stem.key}” is not the text of an option")
        return self

    @property
    def keys(self) -> tuple[int, ...]:
        """The index of the best option, stem by stem."""
        places = {option.text: index for index, option in enumerate(self.options)}
        return tuple(places[stem.key] for stem in self.stems)


@dataclass(frozen=True, kw_only=True)
class ExtendedMatchingForFellow(ShownInRows):
    """What is shown beside the options: the theme, and the people to apply them to."""

    theme: str


def parse(item: ExtendedMatching, raw: object) -> Picks | None:
    """Return the option chosen for each stem. See `parse_picks`."""
    return parse_picks(raw, len(item.stems), item.options)


def credit(item: ExtendedMatching, answer: Picks) -> Fraction:
    """Return the share of stems answered by their key."""
    return share_right(answer, item.keys)


def show(item: ExtendedMatching) -> ExtendedMatchingForFellow:
    """Return the item without its keys."""
    return ExtendedMatchingForFellow(
        **common(item),
        hint="An option may fit once, more than once or not at all.",
        options=tuple(option.text for option in item.options),
        selected=True,
        theme=item.theme,
        rows=tuple(stem.text for stem in item.stems),
    )


read, write = read_picks, write_picks


def key_text(item: ExtendedMatching) -> str:
    """Return the best options, stem by stem."""
    return "; ".join(f"{row}. {stem.key}" for row, stem in enumerate(item.stems, start=1))


def answer_text(item: ExtendedMatching, answer: Picks) -> str:
    """Return the answer in words, stem by stem."""
    return "; ".join(
        f"{row}. {'open' if index is None else item.options[index].text}"
        for row, index in enumerate(answer.indices, start=1)
    )


def sum_up(item: ExtendedMatching, answer: Picks) -> str:
    """Return how many stems are right."""
    return f"{count_right(answer, item.keys)} of {len(item.stems)} right"


def review(item: ExtendedMatching, answer: Picks | None) -> tuple[Line, ...]:
    """Return every stem with its key, then every option with whom it fits."""
    rows = ((stem.text, stem.why) for stem in item.stems)
    stems = row_lines(rows, item.keys, [option.text for option in item.options], answer)
    options = (Line(each.text, each.why, index=n) for n, each in enumerate(item.options))
    return (*stems, *options)
