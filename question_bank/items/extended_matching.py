"""Extended matching: one list of options under a theme, and several people to apply it to."""

from dataclasses import dataclass
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
from question_bank.shapes import OptionText, Reason, Shape, Text


class Entry(Shape):
    """An option of the list; `why` says whom it would fit."""

    text: OptionText
    why: Reason


class Stem(Shape):
    """A person; `key` is the text of the option that fits best."""

    text: Text
    key: Text
    why: Reason


@dataclass(frozen=True, kw_only=True)
class ExtendedMatchingForFellow(RowsForFellow):
    """What is shown beside the options: the theme, and the people to apply them to."""

    theme: str


@final
class ExtendedMatching(BaseItem[Picks]):
    """Options stand in an order of their own, and may be right once, often or never."""

    type: Literal["extended_matching"]
    theme: Annotated[Text, Field(max_length=120)]
    options: Annotated[tuple[Entry, ...], Field(min_length=6, max_length=12)]
    stems: Annotated[tuple[Stem, ...], Field(min_length=2, max_length=6)]

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            TextPart("theme", "Theme", "Like: Nerve roots of the leg.", most=120),
            ListPart(
                "options",
                "Options",
                "6 to 12; each may fit once, more than once or not at all.",
                of=(TextPart("text", "Option"), WHY),
                fewest=6,
                most=12,
                one="option",
            ),
            ListPart(
                "stems",
                "People",
                "2 to 6; the best option is named in its own words.",
                of=(TextPart("text", "Person", rows=3), TextPart("key", "Best option"), WHY),
                fewest=2,
                most=6,
                one="person",
            ),
        )

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

    @property
    def key_text(self) -> str:
        """The best options, stem by stem."""
        return "; ".join(f"{row}. {stem.key}" for row, stem in enumerate(self.stems, start=1))

    @property
    def gist(self) -> Json:
        """The theme, the options, and the people with what fits each."""
        stems = sorted([stem.text, stem.key] for stem in self.stems)
        return [self.theme, sorted(option.text for option in self.options), stems]

    def for_fellow(self) -> ExtendedMatchingForFellow:
        """Return the item without its keys."""
        return ExtendedMatchingForFellow(
            **self._common,
            hint="An option may fit once, more than once or not at all.",
            options=tuple(option.text for option in self.options),
            selected=True,
            theme=self.theme,
            rows=tuple(stem.text for stem in self.stems),
        )

    def _parsed(self, raw: object) -> Picks | None:
        """Return the option chosen for each stem. See `parse_picks`."""
        return parse_picks(raw, len(self.stems), self.options)

    def _earned(self, answer: Picks) -> Fraction:
        """Return the share of stems answered by their key."""
        return share_right(answer, self.keys)

    def _in_words(self, answer: Picks) -> str:
        return "; ".join(
            f"{row}. {'open' if index is None else self.options[index].text}"
            for row, index in enumerate(answer.indices, start=1)
        )

    def _summed_up(self, answer: Picks) -> str:
        return f"{count_right(answer, self.keys)} of {len(self.stems)} right"

    def review(self, answer: Picks | None) -> tuple[ReviewLine, ...]:
        """Return every stem with its key, then every option with whom it fits."""
        rows = ((stem.text, stem.why) for stem in self.stems)
        stems = row_lines(rows, self.keys, [option.text for option in self.options], answer)
        options = (ReviewLine(each.text, each.why, index=n) for n, each in enumerate(self.options))
        return (*stems, *options)
