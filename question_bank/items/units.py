"""Units that doses and measures are given in, how people write them, and exact conversion."""

import re
from collections.abc import Iterable
from fractions import Fraction

_PER_DAY = 24
_DIMENSIONS: dict[str, dict[str, Fraction]] = {
    "mass": {"mcg": Fraction(1), "mg": Fraction(10**3), "g": Fraction(10**6)},
    "mass a day": {
        "mcg/day": Fraction(1),
        "mg/day": Fraction(10**3),
        "g/day": Fraction(10**6),
        "mcg/h": Fraction(_PER_DAY),
        "mg/h": Fraction(_PER_DAY * 10**3),
    },
    "mass for weight": {"mcg/kg": Fraction(1), "mg/kg": Fraction(10**3)},
    "mass for weight a day": {
        "mcg/kg/day": Fraction(1),
        "mg/kg/day": Fraction(10**3),
        "mcg/kg/h": Fraction(_PER_DAY),
        "mg/kg/h": Fraction(_PER_DAY * 10**3),
    },
    "concentration": {"mcg/mL": Fraction(1), "mg/mL": Fraction(10**3)},
    "volume": {"mL": Fraction(1), "L": Fraction(10**3)},
    "volume a day": {"mL/day": Fraction(1), "L/day": Fraction(10**3), "mL/h": Fraction(_PER_DAY)},
    "time": {
        "min": Fraction(1),
        "h": Fraction(60),
        "days": Fraction(60 * 24),
        "weeks": Fraction(60 * 24 * 7),
    },
    "length": {"mm": Fraction(1), "cm": Fraction(10), "m": Fraction(1000)},
    "weight": {"kg": Fraction(1)},
    "share": {"%": Fraction(1)},
    "pressure": {"mmHg": Fraction(1)},
    "clearance": {"mL/min": Fraction(1)},
}
"""Each unit as a multiple of its dimension's first one."""

_FACTORS = {unit: (name, f) for name, units in _DIMENSIONS.items() for unit, f in units.items()}


def alternatives(unit: str) -> tuple[str, ...]:
    """Return the units that *unit* can be converted to, itself among them."""
    if unit not in _FACTORS:
        return (unit,)
    return tuple(_DIMENSIONS[_FACTORS[unit][0]])


def factor(unit: str, to: str) -> Fraction | None:
    """Return what a number in *unit* is multiplied by to be one in *to*; None if it cannot be."""
    if unit == to:
        return Fraction(1)
    if unit not in _FACTORS or to not in _FACTORS or _FACTORS[unit][0] != _FACTORS[to][0]:
        return None
    return _FACTORS[unit][1] / _FACTORS[to][1]


def unit_meant(text: str, among: Iterable[str]) -> str | None:
    """Return the unit that *text* is a way to write; None: it is none of *among*.

    Case does not count, nor do spaces: `ml`, `mg/d`, `MCG per hr`, `µg/24 h`, `wk`.
    """
    parts = _parts(text)
    return next((unit for unit in among if unit == text or _parts(unit) == parts), None)


def _parts(unit: str) -> tuple[str, ...]:
    """Return what *unit* is made of, numerator first, each part in the one word that we use."""
    spelt = unit.strip().removesuffix(".").casefold()
    parts = ("".join(part.split()) for part in _PER.split(spelt))
    return tuple(_WORDS.get(part, part) for part in parts)


_PER = re.compile(r"\s*/\s*|\s+per\s+|\s+(?=daily$)")

_SPELT = {
    "mcg": "\u00b5g \u03bcg ug microgram micrograms",
    "mg": "milligram milligrams",
    "g": "gm gram grams",
    "kg": "kgs kilogram kilograms",
    "ml": "cc milliliter milliliters millilitre millilitres",
    "l": "liter liters litre litres",
    "min": "mins minute minutes",
    "h": "hr hrs hour hours",
    "day": "d days daily 24h 24hr 24hrs 24hour 24hours",
    "week": "w wk wks weeks",
    "mm": "millimeter millimeters millimetre millimetres",
    "cm": "centimeter centimeters centimetre centimetres",
    "m": "meter meters metre metres",
    "%": "percent",
}
"""Other ways to write a part of a unit, in lower case and without spaces."""

_WORDS = {other: word for word, others in _SPELT.items() for other in others.split()}
