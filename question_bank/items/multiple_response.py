"""Multiple response: one or more keys among three to eight options."""

from fractions import Fraction
from typing import Annotated, Literal, Self, final

from pydantic import Field, model_validator

from question_bank.items.answers import Json
from question_bank.items.base import (
    BaseItem,
    Option,
    ReviewLine,
    check_different,
    option_gist,
    option_lines,
)
from question_bank.items.choices import Choices, ChoicesForFellow, parse_choices
from question_bank.items.editing import (
    COVERED,
    SHUFFLE,
    ChoicePart,
    EditorPart,
    ListPart,
    NumberPart,
    option_parts,
)
from question_bank.shapes import Text

CREDITS = (
    ("net_correct", "Hits less false alarms"),
    ("exact", "All or nothing"),
)
"""How an answer is credited, each way with its name."""


@final
class MultipleResponse(BaseItem[Choices]):
    """`choose`, where given, is the number of keys and is told to the fellow."""

    type: Literal["multiple_response"]
    covered_answer: Text
    shuffle: bool = True
    choose: int | None = None
    credit: Literal["net_correct", "exact"] = "net_correct"
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=8)]

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            NumberPart("choose", "How many to choose", "Told to the fellow.", whole=True),
            ChoicePart("credit", "Credit", choices=CREDITS),
            SHUFFLE,
            ListPart(
                "options",
                "Options",
                "3 to 8; each decidably right or wrong.",
                of=option_parts(alone=False),
                fewest=3,
                most=8,
                one="option",
            ),
        )

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

    @property
    def key_text(self) -> str:
        """The keys, in the authored order."""
        return "; ".join(option.text for option in self.options if option.key)

    @property
    def gist(self) -> Json:
        """The options, each with whether it is right."""
        return option_gist(self.options)

    def for_fellow(self) -> ChoicesForFellow:
        """Return the item without its keys."""
        return ChoicesForFellow(
            **self._common,
            hint=f"Choose {self.choose}." if self.choose else "Select all that apply.",
            options=tuple(option.text for option in self.options),
            shuffle=self.shuffle,
            selected=True,
        )

    def _parsed(self, raw: object) -> Choices | None:
        return parse_choices(raw, self.options)

    def _earned(self, answer: Choices) -> Fraction:
        """Return hits minus false alarms as a share of the key, not below 0; or all or nothing.

        Ticking everything earns no more than leaving the item blank, as long as at least half
        of the options are distractors. Known as "net correct" scoring.
        """
        keys = self.keys
        if self.credit == "exact":
            return Fraction(int(answer.indices == keys))
        hits = len(answer.indices & keys)
        false_alarms = len(answer.indices - keys)
        return max(Fraction(hits - false_alarms, len(keys)), Fraction(0))

    def _in_words(self, answer: Choices) -> str:
        return "; ".join(self.options[index].text for index in sorted(answer.indices))

    def review(self, answer: Choices | None) -> tuple[ReviewLine, ...]:
        """Return every option with its reason."""
        return option_lines(self.options, () if answer is None else answer.indices)
