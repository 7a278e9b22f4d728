"""Key feature: the few steps of a case where errors are made or harm is done."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Line,
    Option,
    Text,
    check_different,
    common,
    fields_of,
    option_lines,
)
from question_bank.items.choices import Choices, parse_choices, read_choices, write_chosen
from question_bank.items.short_answer import Pattern, line_of, matches


class Feature(Option):
    """An answer that was thought of. `weight`: what a key counts for.

    `accept` are the patterns that a written answer is matched with, beside `text` itself.
    """

    weight: Annotated[int, Field(ge=1, le=3)] = 1
    accept: Annotated[tuple[Pattern, ...], Field(max_length=40)] = ()


@dataclass(frozen=True)
class Entries:
    """The answers as they were written, trimmed, line by line; the last is not empty."""

    texts: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return what `parse` reads."""
        return {"entries": list(self.texts)}


class KeyFeature(BaseItem):
    """From a menu, or written in. Choosing an option with `harm` earns nothing for the item."""

    type: Literal["key_feature"]
    mode: Literal["menu", "write_in"]
    permitted: Annotated[int, Field(ge=1, le=8)]
    covered_answer: Text | None = None
    options: Annotated[tuple[Feature, ...], Field(min_length=2, max_length=20)]

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
        return self

    @property
    def best(self) -> int:
        """The most weight that the permitted number of answers can have."""
        weights = sorted((option.weight for option in self.options if option.key), reverse=True)
        return sum(weights[: self.permitted])


@dataclass(frozen=True, kw_only=True)
class KeyFeatureForFellow(ItemForFellow):
    """`entries`: how many answers are written in; 0: they are chosen from the menu."""

    entries: int


def parse(item: KeyFeature, raw: object) -> Choices | Entries | None:
    """Return what was chosen, or written as `{"entries": ["…", …]}`; None: nothing.

    Raises:
        InvalidResponse: not on the menu, or more or longer answers than there is room for.
    """
    if item.mode == "menu":
        return parse_choices(raw, item.options)
    entries = fields_of(raw, "entries").get("entries")
    if entries is None:
        return None
    if not isinstance(entries, list) or len(entries) > item.permitted:
        raise InvalidResponse(f"Give at most {item.permitted} answers.")
    texts = [line_of(each) for each in entries]
    while texts and not texts[-1]:
        texts.pop()
    return Entries(tuple(texts)) if texts else None


def _chosen(item: KeyFeature, answer: Choices | Entries) -> frozenset[int]:
    """Return the indices of the options that *answer* amounts to."""
    if isinstance(answer, Choices):
        return answer.indices
    found = (_meant(item, text) for text in answer.texts if text)
    return frozenset(index for index in found if index is not None)


def _meant(item: KeyFeature, text: str) -> int | None:
    """Return the option that *text* means; one that harms, if it may mean several."""
    found = [
        index
        for index, option in enumerate(item.options)
        if any(
            matches(text, pattern) for pattern in (option.text.replace("*", "\\*"), *option.accept)
        )
    ]
    return min(found, key=lambda index: (item.options[index].harm is None, index), default=None)


def credit(item: KeyFeature, answer: Choices | Entries) -> Fraction:
    """Return the weight of the keys chosen, as a share of the most that could be had.

    Nothing is earned if more are chosen than permitted, or one that harms. Source: Page G,
    Bordage G, Allen T. Developing key-feature problems and examinations. Acad Med 1995;70:194.
    """
    chosen = _chosen(item, answer)
    if remark(item, answer):
        return Fraction(0)
    earned = sum(item.options[index].weight for index in chosen if item.options[index].key)
    return min(Fraction(earned, item.best), Fraction(1))


def remark(item: KeyFeature, answer: Choices | Entries | None) -> str:
    """Return why nothing is earned whatever else was chosen; empty if that is not so."""
    chosen = frozenset() if answer is None else _chosen(item, answer)
    if len(chosen) > item.permitted:
        return f"More than {item.permitted} were chosen, so the item earns no credit."
    if any(item.options[index].harm for index in chosen):
        return "A choice that would harm the patient leaves the item without credit."
    return ""


def show(item: KeyFeature) -> KeyFeatureForFellow:
    """Return the item without its keys; if answers are written in, without its options."""
    menu = item.mode == "menu"
    return KeyFeatureForFellow(
        **common(item),
        hint=_hint(item),
        options=tuple(option.text for option in item.options) if menu else (),
        shuffle=menu,
        selected=menu,
        entries=0 if menu else item.permitted,
    )


def _hint(item: KeyFeature) -> str:
    verb = "Choose" if item.mode == "menu" else "Write"
    return f"{verb} up to {item.permitted}. More, or a harmful one, leaves no credit."


def read(shown: KeyFeatureForFellow, fields: Fields) -> object:
    """Return the JSON of what the controls hold."""
    if not shown.entries:
        return read_choices(shown, fields)
    texts = ["".join(fields.get(f"entry.{n}", ())[:1]).strip() for n in range(shown.entries)]
    return {"entries": texts} if any(texts) else None


def write(shown: KeyFeatureForFellow, raw: dict[str, Any]) -> Fields:
    """Return the controls as they stand for *raw*."""
    if not shown.entries:
        return write_chosen(shown, raw)
    return {f"entry.{n}": [str(text)] for n, text in enumerate(raw.get("entries", [])) if text}


def key_text(item: KeyFeature) -> str:
    """Return the keys in words."""
    return "; ".join(option.text for option in item.options if option.key)


def answer_text(item: KeyFeature, answer: Choices | Entries) -> str:
    """Return the answer in words."""
    if isinstance(answer, Entries):
        return "; ".join(text for text in answer.texts if text)
    return "; ".join(item.options[index].text for index in sorted(answer.indices))


def review(item: KeyFeature, answer: Choices | Entries | None) -> tuple[Line, ...]:
    """Return every option with its reason; what is written in has no place in a list."""
    lines = option_lines(item.options, () if answer is None else _chosen(item, answer))
    if item.mode == "menu":
        return lines
    return tuple(
        Line(line.text, line.why, line.is_key, line.chosen, harm=line.harm) for line in lines
    )
