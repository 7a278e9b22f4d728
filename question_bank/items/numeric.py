"""Numeric: a number, within a tolerance, in a unit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from question_bank.items.answers import InvalidResponse, Json, fields_of
from question_bank.items.as_typed import plain, typed
from question_bank.items.base import BaseItem, ReviewLine
from question_bank.items.editing import (
    COVERED,
    WHY,
    EditorPart,
    ListPart,
    NumberPart,
    SwitchPart,
    TextPart,
)
from question_bank.items.number_text import NumberText, meant_number, split_number
from question_bank.items.shown import Controls, Fields, ItemForFellow, first_of
from question_bank.items.units import alternatives, factor, unit_meant
from question_bank.shapes import Reason, Shape

_PLAIN = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})(e[+-]?\d{1,2})?", re.IGNORECASE)
_LONGEST = 60


def _authored_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return value
    return str(value).replace("\N{MINUS SIGN}", "-")


def _must_be_number(text: str) -> str:
    if _PLAIN.fullmatch(text) is None:
        raise ValueError(f"“{text}” is not a number")
    return text


Number_ = Annotated[
    str,
    BeforeValidator(_authored_number),
    StringConstraints(max_length=40),
    AfterValidator(_must_be_number),
]
"""A decimal number, kept as it was written, so that nothing is rounded."""


@dataclass(frozen=True)
class Number:
    """A number with a point before its decimals, and the unit that was named.

    No unit: the item's own, or none where one is required.
    """

    text: str
    unit: str | None = None

    @property
    def value(self) -> Fraction:
        """The number, exact."""
        return Fraction(Decimal(self.text.replace(",", "")))

    def to_json(self) -> dict[str, object]:
        """Return what `Numeric.parse_answer` reads."""
        unit: dict[str, object] = {} if self.unit is None else {"unit": self.unit}
        return {"value": self.text} | unit


class Tolerance(Shape):
    """How far off is still right; the bound itself is. One of the two."""

    absolute: Number_ | None = None
    relative: Number_ | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        given = [each for each in (self.absolute, self.relative) if each is not None]
        if len(given) != 1:
            raise ValueError("give either “absolute” or “relative”")
        if Fraction(Decimal(given[0])) < 0:
            raise ValueError("a tolerance is not negative")
        return self

    def around(self, answer: Fraction) -> Fraction:
        """Return how far from *answer* is still right, in its unit."""
        if self.absolute is not None:
            return Fraction(Decimal(self.absolute))
        return Fraction(Decimal(self.relative or "0")) * abs(answer)


class WrongNumber(Shape):
    """A number that a known mistake leads to."""

    value: Number_
    why: Reason


@dataclass(frozen=True, kw_only=True)
class NumericForFellow(ItemForFellow):
    """`unit` is understood, unless one of `units` is chosen; with `unit_required` one has to be."""

    unit: str | None
    units: tuple[str, ...]
    unit_required: bool = False

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON of what the controls hold; a unit alone is no answer."""
        value, unit = first_of(fields, "answer").strip(), first_of(fields, "unit")
        if not value:
            return None
        return {"value": value, "unit": unit} if unit else {"value": value}

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        """Return the controls; a unit that is no choice stands behind its number."""
        value, unit = str(raw.get("value", "")), str(raw.get("unit", ""))
        if not unit or (unit == self.unit and self.units and not self.unit_required):
            return {"answer": [value]}
        if self.units:
            return {"answer": [value], "unit": [unit]}
        return {"answer": [f"{value} {unit}"]}


@final
class Numeric(BaseItem[Number]):
    """`unit` is what `answer` is in. With `unit_required` the fellow has to name one."""

    type: Literal["numeric"]
    covered_answer: str | None = None
    answer: Number_
    tolerance: Tolerance
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    unit_required: bool = False
    why: Reason
    mistakes: Annotated[tuple[WrongNumber, ...], Field(max_length=8)] = ()

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            NumberPart("answer", "Answer"),
            TextPart("unit", "Unit", "Like mg/day; the fellow may answer in another.", most=40),
            SwitchPart("unit_required", "The fellow has to name the unit"),
            NumberPart("tolerance/absolute", "Right within", "In the unit of the answer."),
            NumberPart("tolerance/relative", "Or within a share", "Like 0.05 for 5 %."),
            WHY,
            ListPart(
                "mistakes",
                "Known mistakes",
                "Numbers that a mistake leads to.",
                of=(NumberPart("value", "Number"), WHY),
                most=8,
                one="mistake",
            ),
        )

    @property
    def value(self) -> Fraction:
        """The best answer, exact, in `unit`."""
        return Fraction(Decimal(self.answer))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.unit_required and self.unit is None:
            raise ValueError("“unit_required” needs a “unit”")
        for mistake in self.mistakes:
            if self._is_near(Fraction(Decimal(mistake.value)), self.value):
                raise ValueError(f"the mistake {mistake.value} is within the tolerance")
        return self

    @property
    def key_text(self) -> str:
        """The best answer, with the range that is accepted."""
        best = self._with_unit(self.answer)
        span = self.tolerance.around(self.value)
        if not span:
            return best
        low, high = _plain(self.value - span), _plain(self.value + span)
        return f"{best} ({low} to {high} accepted)"

    def _with_unit(self, number: str) -> str:
        if self.unit is None:
            return number
        return f"{number}{'' if self.unit == '%' else ' '}{self.unit}"

    @property
    def gist(self) -> Json:
        """The answer, how far off is still right, and the unit."""
        exact = (self.value, self.tolerance.around(self.value))
        return [*map(str, exact), self.unit, self.unit_required]

    def for_fellow(self) -> NumericForFellow:
        """Return the item without its answer; a unit without alternatives is not to be chosen."""
        units = alternatives(self.unit) if self.unit is not None else ()
        return NumericForFellow(
            **self._common,
            unit=self.unit,
            units=units if self.unit_required or len(units) > 1 else (),
            unit_required=self.unit_required,
        )

    def _parsed(self, raw: object) -> Number | None:
        """Return the answer in *raw*, `{"value": "12.5", "unit": "mg/day"}`; None if it is empty.

        Thousands may be grouped by commas; a unit may stand behind the number.

        Raises:
            InvalidResponse: not a number, a unit that the item does not take, or two units.
        """
        return self._read(raw, split_number)

    def read_answer(self, raw: object) -> Number | None:
        """Return the answer that was typed just now: see `meant_number`."""
        return None if raw is None else self._read(raw, meant_number)

    def _read(self, raw: object, split: Callable[[str], NumberText]) -> Number | None:
        fields = fields_of(raw, "value", "unit")
        value, unit = fields.get("value"), fields.get("unit")
        if value is None:
            return None
        if not isinstance(value, str) or not isinstance(unit, str | None) or len(value) > _LONGEST:
            raise InvalidResponse("Give one number, like 12.5.")
        text = plain(typed(value))
        if not text:
            return None
        found = split(text)
        behind, chosen = self._taken(found.behind), self._taken((unit or "").strip())
        if chosen and behind and chosen != behind:
            raise InvalidResponse(f"Give one unit: either {chosen} or {behind}.")
        named = chosen or behind
        return Number(
            found.number, None if named == self.unit and not self.unit_required else named
        )

    def _taken(self, unit: str) -> str | None:
        """Return *unit*, None if it is empty; one that the item does not take is refused."""
        if not unit:
            return None
        if self.unit is None:
            raise InvalidResponse(f"“{unit}” is too much: give the number alone, without a unit.")
        meant = unit_meant(unit, alternatives(self.unit))
        if meant is None:
            offered = " or ".join(alternatives(self.unit))
            raise InvalidResponse(f"“{unit}” is no unit of this answer. Give it in {offered}.")
        return meant

    def _earned(self, answer: Number) -> Fraction:
        """Return 1 within the tolerance, bounds included, else 0; exact, after conversion.

        A missing unit counts as the item's own, unless the item requires one.
        """
        value = self._in_own_unit(answer)
        return Fraction(int(value is not None and self._is_near(value, self.value)))

    def _in_own_unit(self, answer: Number) -> Fraction | None:
        if answer.unit is None:
            return None if self.unit_required else answer.value
        times = factor(answer.unit, self.unit) if self.unit is not None else None
        return answer.value * times if times is not None else None

    def _is_near(self, value: Fraction, target: Fraction) -> bool:
        return abs(value - target) <= self.tolerance.around(target)

    def _in_words(self, answer: Number) -> str:
        unit = answer.unit or ("" if self.unit_required else self.unit or "")
        return f"{answer.text} {unit}".strip()

    def review(self, answer: Number | None) -> tuple[ReviewLine, ...]:
        """Return the worked answer, then the known mistakes; at most one of them is the fellow's.

        A number is as near to a mistake as the item's tolerance says.
        """
        value = None if answer is None else self._in_own_unit(answer)
        targets = [self.value, *(Fraction(Decimal(wrong.value)) for wrong in self.mistakes)]
        hits = [n for n, t in enumerate(targets) if value is not None and self._is_near(value, t)]
        texts = [self.key_text, *(self._with_unit(wrong.value) for wrong in self.mistakes)]
        reasons = [self.why, *(wrong.why for wrong in self.mistakes)]
        return tuple(
            ReviewLine(text, why, is_key=n == 0, chosen=n in hits[:1])
            for n, (text, why) in enumerate(zip(texts, reasons, strict=True))
        )


def _plain(value: Fraction) -> str:
    """Return *value*, which a sum or product of decimals is, in digits: exact."""
    places = 0
    while (10**places) % value.denominator:
        places += 1
    sign, digits = "-" * (value < 0), f"{abs(int(value * 10**places)):0{places + 1}d}"
    return f"{sign}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip(".")
