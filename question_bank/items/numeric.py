"""Numeric: a number, within a tolerance, in a unit."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from question_bank.items.base import (
    BaseItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Line,
    Reason,
    Shape,
    common,
    fields_of,
)
from question_bank.items.units import alternatives, factor

_PLAIN = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})(e[+-]?\d{1,2})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3}){1,4}(\.\d{1,15})?")
_LONGEST = 60


def _authored_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    return _with_hyphen(str(value))


def _with_hyphen(text: str) -> str:
    """Return *text* with the minus sign that keyboards have."""
    return text.replace("\N{MINUS SIGN}", "-")


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
    """The number as it was typed, and the unit that was chosen or typed, if any."""

    text: str
    unit: str | None = None

    @property
    def value(self) -> Fraction:
        """The number, exact."""
        return Fraction(Decimal(self.text.replace(",", "")))

    def to_json(self) -> dict[str, object]:
        """Return what `parse` reads."""
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


class Numeric(BaseItem):
    """`unit` is what `answer` is in. With `unit_required` the fellow has to name one."""

    type: Literal["numeric"]
    covered_answer: str | None = None
    answer: Number_
    tolerance: Tolerance
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    unit_required: bool = False
    why: Reason
    mistakes: Annotated[tuple[WrongNumber, ...], Field(max_length=8)] = ()

    @property
    def value(self) -> Fraction:
        """The best answer, exact, in `unit`."""
        return Fraction(Decimal(self.answer))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.unit_required and self.unit is None:
            raise ValueError("“unit_required” needs a “unit”")
        for mistake in self.mistakes:
            if _is_near(self, Fraction(Decimal(mistake.value)), self.value):
                raise ValueError(f"the mistake {mistake.value} is within the tolerance")
        return self


def _is_near(item: Numeric, value: Fraction, target: Fraction) -> bool:
    return abs(value - target) <= item.tolerance.around(target)


def parse(item: Numeric, raw: object) -> Number | None:
    """Return the answer in *raw*, `{"value": "12.5", "unit": "mg/day"}`; None if it is empty.

    Thousands may be grouped by commas; a unit may stand behind the number.

    Raises:
        InvalidResponse: not a number, a unit that *item* does not take, or two units.
    """
    fields = fields_of(raw, "value", "unit")
    value, unit = fields.get("value"), fields.get("unit")
    if value is None:
        return None
    if not isinstance(value, str) or not isinstance(unit, str | None) or len(value) > _LONGEST:
        raise InvalidResponse("Give one number, like 12.5.")
    if not value.strip():
        return None
    number, typed = _split(_with_hyphen(" ".join(value.split())))
    chosen = (unit or "").strip()
    if chosen and typed and chosen != typed:
        raise InvalidResponse(f"Give one unit: either {chosen} or {typed}.")
    unit = chosen or typed or None
    if unit is not None and (item.unit is None or factor(unit, item.unit) is None):
        raise InvalidResponse(_wrong_unit(item))
    return Number(number, unit)


def _split(text: str) -> tuple[str, str]:
    """Return the number at the start of *text* and what stands behind it."""
    match = _GROUPED.match(text) or _PLAIN.match(text)
    rest = text[match.end() :] if match else text
    if match is None or re.match(r"[\d.,]", rest):
        raise InvalidResponse("Give one number, with a point before decimals: 12.5, or 1,200.")
    return match.group(), rest.strip()


def _wrong_unit(item: Numeric) -> str:
    if item.unit is None:
        return "Give the number alone, without a unit."
    return f"Give the number in {' or '.join(alternatives(item.unit))}."


def credit(item: Numeric, answer: Number) -> Fraction:
    """Return 1 within the tolerance, bounds included, else 0; exact, after conversion.

    A missing unit counts as the item's own, unless the item requires one.
    """
    value = _in_item_unit(item, answer)
    return Fraction(int(value is not None and _is_near(item, value, item.value)))


def _in_item_unit(item: Numeric, answer: Number) -> Fraction | None:
    if answer.unit is None:
        return None if item.unit_required else answer.value
    times = factor(answer.unit, item.unit) if item.unit is not None else None
    return answer.value * times if times is not None else None


@dataclass(frozen=True, kw_only=True)
class NumericForFellow(ItemForFellow):
    """`unit` is understood; where `units` are given, the fellow has to choose one."""

    unit: str | None
    units: tuple[str, ...]


def show(item: Numeric) -> NumericForFellow:
    """Return the item without its answer."""
    return NumericForFellow(
        **common(item),
        unit=item.unit,
        units=alternatives(item.unit) if item.unit is not None and item.unit_required else (),
    )


def read(_shown: NumericForFellow, fields: Fields) -> object:
    """Return the JSON of what the controls hold; a unit alone is no answer."""
    value = "".join(fields.get("answer", ())[:1]).strip()
    unit = "".join(fields.get("unit", ())[:1])
    if not value:
        return None
    return {"value": value, "unit": unit} if unit else {"value": value}


def write(shown: NumericForFellow, raw: dict[str, Any]) -> Fields:
    """Return the controls as they stand for *raw*; a unit that was typed, behind its number."""
    value, unit = str(raw.get("value", "")), str(raw.get("unit", ""))
    if not unit:
        return {"answer": [value]}
    return {"answer": [value], "unit": [unit]} if shown.units else {"answer": [f"{value} {unit}"]}


def key_text(item: Numeric) -> str:
    """Return the best answer, with the range that is accepted."""
    best = _with_unit(item, item.answer)
    span = item.tolerance.around(item.value)
    if not span:
        return best
    low, high = _plain(item.value - span), _plain(item.value + span)
    return f"{best} ({low} to {high} accepted)"


def _plain(value: Fraction) -> str:
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return text or "0"


def _with_unit(item: Numeric, number: str) -> str:
    if item.unit is None:
        return number
    return f"{number}{'' if item.unit == '%' else ' '}{item.unit}"


def answer_text(item: Numeric, answer: Number) -> str:
    """Return the answer in words."""
    unit = answer.unit or ("" if item.unit_required else item.unit or "")
    return f"{answer.text} {unit}".strip()


def review(item: Numeric, answer: Number | None) -> tuple[Line, ...]:
    """Return the worked answer, then the known mistakes; at most one of them is the fellow's.

    A number is as near to a mistake as the item's tolerance says.
    """
    value = None if answer is None else _in_item_unit(item, answer)
    targets = [item.value, *(Fraction(Decimal(wrong.value)) for wrong in item.mistakes)]
    hits = [n for n, t in enumerate(targets) if value is not None and _is_near(item, value, t)]
    texts = [key_text(item), *(_with_unit(item, wrong.value) for wrong in item.mistakes)]
    reasons = [item.why, *(wrong.why for wrong in item.mistakes)]
    return tuple(
        Line(text, why, is_key=n == 0, chosen=n in hits[:1])
        for n, (text, why) in enumerate(zip(texts, reasons, strict=True))
    )
