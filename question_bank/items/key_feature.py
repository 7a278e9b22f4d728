"""Key feature: the few steps of a case where errors are made or harm is done."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self, final

from pydantic import Field, model_validator

from question_bank.items.answers import InvalidResponse, Json, fields_of
from question_bank.items.as_typed import folded
from question_bank.items.base import BaseItem, Option, ReviewLine, check_different, option_lines
from question_bank.items.choices import Choices, ChoicesForFellow, parse_choices
from question_bank.items.editing import (
    ACCENTS,
    COVERED,
    ChoicePart,
    EditorPart,
    ListPart,
    NumberPart,
    TagPart,
    option_parts,
)
from question_bank.items.short_answer import Pattern, line_of, matches, words
from question_bank.items.shown import Controls, Fields, first_of
from question_bank.shapes import Switch, Text

MODES = (
    ("menu", "From a menu"),
    ("write_in", "Written in"),
)
"""How steps are answered, each way with its name."""


class Feature(Option):
    """An answer that was thought of. `weight`: what a key counts for.

    `accept` are the patterns that a written answer is matched with, beside `text` itself.
    """

    weight: Annotated[int, Field(ge=1, le=3)] = 1
    accept: Annotated[tuple[Pattern, ...], Field(max_length=40)] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What a written answer is matched with: the text itself, then what is accepted."""
        return (self.text.replace("*", "\\*"), *self.accept)


@dataclass(frozen=True)
class Entries:
    """The answers as they were written, trimmed, line by line; the last is not empty."""

    texts: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return what `KeyFeature.parse_answer` reads."""
        return {"entries": list(self.texts)}


@dataclass(frozen=True, kw_only=True)
class KeyFeatureForFellow(ChoicesForFellow):
    """The menu; or `entries` lines to write in, `entry.0` on. No `entries`: it is the menu."""

    entries: int

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON of what is ticked or written; None: nothing is."""
        if not self.entries:
            return super().read_controls(fields)
        texts = [first_of(fields, f"entry.{n}").strip() for n in range(self.entries)]
        return {"entries": texts} if any(texts) else None

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        if not self.entries:
            return super()._controls(raw)
        return {f"entry.{n}": [str(text)] for n, text in enumerate(raw.get("entries", [])) if text}


@final
class KeyFeature(BaseItem[Choices | Entries]):
    """From a menu, or written in. Choosing an option with `harm` earns nothing for the item.

    What is written in is matched as a short answer is: accents count only if `accents_matter`, or
    words that two options are matched with differ in nothing else.
    """

    type: Literal["key_feature"]
    mode: Literal["menu", "write_in"]
    permitted: Annotated[int, Field(ge=1, le=8)]
    covered_answer: Text | None = None
    options: Annotated[tuple[Feature, ...], Field(min_length=2, max_length=20)]
    accents_matter: Switch = None

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            ChoicePart("mode", "Answered", choices=MODES),
            NumberPart("permitted", "How many may be given", "1 to 8.", whole=True),
            ACCENTS,
            ListPart(
                "options",
                "Options",
                "A menu has 6 to 20; written in, what was thought of.",
                of=option_parts(
                    NumberPart("weight", "Weight", "1 to 3, of a right one.", whole=True),
                    TagPart("accept", "Also accepted", "One a line; only where it is written in."),
                    alone=False,
                ),
                fewest=2,
                most=20,
                one="option",
            ),
        )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_different(option.text for option in self.options)
        if self.mode == "menu" and len(self.options) < 6:
            raise ValueError("a menu has at least 6 options")
        if not any(option.key for option in self.options):
            raise ValueError("mark at least one option with “key: true”")
        if any(option.weight > 1 and not option.key for option in self.options):
            raise ValueError("only a key has a “weight”")
        if self.mode == "menu" and any(option.accept for option in self.options):
            raise ValueError("“accept” belongs to the mode write_in")
        if self.mode == "menu" and self.accents_matter:
            raise ValueError("“accents_matter” belongs to the mode write_in")
        return self

    @property
    def best(self) -> int:
        """The most weight that the permitted number of answers can have."""
        weights = sorted((option.weight for option in self.options if option.key), reverse=True)
        return sum(weights[: self.permitted])

    @property
    def key_text(self) -> str:
        """The keys in words."""
        return "; ".join(option.text for option in self.options if option.key)

    @property
    def gist(self) -> Json:
        """How many are chosen or written, and the options with what is accepted for them."""
        options = ((each.text, each.key, tuple(sorted(each.accept))) for each in self.options)
        accents = [True] if self.accents_matter else []
        return [self.mode, self.permitted, sorted(options), *accents]

    @cached_property
    def folds_accents(self) -> bool:
        """Whether an accent that is left out or added does not count."""
        alike: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        for index, option in enumerate(self.options):
            for line in map(words, option.patterns):
                alike[folded(line, accents=True)].add((index, folded(line, accents=False)))
        return not self.accents_matter and not any(
            len({index for index, _ in group}) > 1 and len({line for _, line in group}) > 1
            for group in alike.values()
        )

    def for_fellow(self) -> KeyFeatureForFellow:
        """Return the item without its keys; if answers are written in, without its options."""
        menu = self.mode == "menu"
        verb = "Choose" if menu else "Write"
        return KeyFeatureForFellow(
            **self._common,
            hint=f"{verb} up to {self.permitted}. More, or a harmful one, leaves no credit.",
            options=tuple(option.text for option in self.options) if menu else (),
            shuffle=menu,
            selected=menu,
            entries=0 if menu else self.permitted,
        )

    def _parsed(self, raw: object) -> Choices | Entries | None:
        """Return what was chosen, or written as `{"entries": ["…", …]}`; None: nothing.

        Raises:
            InvalidResponse: not on the menu, or more or longer answers than there is room for.
        """
        if self.mode == "menu":
            return parse_choices(raw, self.options)
        entries = fields_of(raw, "entries").get("entries")
        if entries is None:
            return None
        if not isinstance(entries, list) or len(entries) > self.permitted:
            raise InvalidResponse(f"Give at most {self.permitted} answers.")
        texts = [line_of(each) for each in entries]
        while texts and not texts[-1]:
            texts.pop()
        return Entries(tuple(texts)) if texts else None

    def _earned(self, answer: Choices | Entries) -> Fraction:
        """Return the weight of the keys chosen, as a share of the most that could be had.

        Nothing is earned if more are chosen than permitted, or one that harms. Source: Page G,
        Bordage G, Allen T. Developing key-feature problems and examinations. Acad Med
        1995;70:194.
        """
        chosen = self._chosen(answer)
        if self._too_many(chosen) or self._harmful(chosen):
            return Fraction(0)
        earned = sum(self.options[index].weight for index in chosen if self.options[index].key)
        return min(Fraction(earned, self.best), Fraction(1))

    def _too_many(self, chosen: frozenset[int]) -> bool:
        return len(chosen) > self.permitted

    def _harmful(self, chosen: frozenset[int]) -> bool:
        return any(self.options[index].harm for index in chosen)

    def _chosen(self, answer: Choices | Entries | None) -> frozenset[int]:
        """Return the indices of the options that *answer* amounts to."""
        match answer:
            case None:
                return frozenset()
            case Choices():
                return answer.indices
        meant = (self._meant(text) for text in answer.texts if text)
        return frozenset(index for index in meant if index is not None)

    def _meant(self, text: str) -> int | None:
        """Return the option that *text* means; one that harms, if it may mean several."""
        meant = [
            (option.harm is None, index)
            for index, option in enumerate(self.options)
            if any(
                matches(text, pattern, fold_accents=self.folds_accents)
                for pattern in option.patterns
            )
        ]
        return min(meant)[1] if meant else None

    def _in_words(self, answer: Choices | Entries) -> str:
        if isinstance(answer, Entries):
            return "; ".join(text for text in answer.texts if text)
        return "; ".join(self.options[index].text for index in sorted(answer.indices))

    def remark(self, answer: Choices | Entries | None) -> str:
        """Return why nothing is earned whatever else was chosen; empty if that is not so."""
        chosen = self._chosen(answer)
        if self._too_many(chosen):
            return f"More than {self.permitted} were chosen, so the item earns no credit."
        if self._harmful(chosen):
            return "A choice that would harm the patient leaves the item without credit."
        return ""

    def review(self, answer: Choices | Entries | None) -> tuple[ReviewLine, ...]:
        """Return every option with its reason; what is written in has no place in a list."""
        lines = option_lines(self.options, self._chosen(answer))
        if self.mode == "menu":
            return lines
        return tuple(replace(line, index=None) for line in lines)
