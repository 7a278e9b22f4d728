"""Single best answer: one key among three to five options."""

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
from question_bank.items.choices import Choice, ChoiceForFellow, parse_choice
from question_bank.items.editing import COVERED, SHUFFLE, EditorPart, ListPart, option_parts
from question_bank.shapes import Text


@final
class SingleBestAnswer(BaseItem[Choice]):
    """`covered_answer` is what the author answered before there were options."""

    type: Literal["single_best_answer"]
    covered_answer: Text
    shuffle: bool = True
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5)]

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            SHUFFLE,
            ListPart(
                "options",
                "Options",
                "3 to 5; one is best.",
                of=option_parts(alone=True),
                fewest=3,
                most=5,
                one="option",
            ),
        )

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        check_different(option.text for option in self.options)
        keys = sum(option.key for option in self.options)
        if keys != 1:
            raise ValueError(f"mark exactly one option with “key: true”; {keys} are marked")
        return self

    @property
    def key_text(self) -> str:
        """The key."""
        return next(option.text for option in self.options if option.key)

    @property
    def gist(self) -> Json:
        """The options, each with whether it is right."""
        return option_gist(self.options)

    def for_fellow(self) -> ChoiceForFellow:
        """Return the item without its key."""
        return ChoiceForFellow(
            **self._common,
            options=tuple(option.text for option in self.options),
            shuffle=self.shuffle,
            selected=True,
        )

    def _parsed(self, raw: object) -> Choice | None:
        return parse_choice(raw, self.options)

    def _earned(self, answer: Choice) -> Fraction:
        """Return 1 for the key, else 0."""
        return Fraction(int(self.options[answer.index].key))

    def _in_words(self, answer: Choice) -> str:
        return self.options[answer.index].text

    def review(self, answer: Choice | None) -> tuple[ReviewLine, ...]:
        """Return every option with its reason."""
        return option_lines(self.options, () if answer is None else (answer.index,))
