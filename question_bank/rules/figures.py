"""Numbers and ranges as options give them."""

import re
from dataclasses import dataclass
from fractions import Fraction

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?:about |around |week |day |month |grade |level |stage )?"
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|to)\s*(?P<high>{_NUMBER}))?"
    r"\s*(?P<unit>(?:%|°|[a-zA-Z/]+)?(?: (?:a|per|each|in|every|of)? ?[a-zA-Z%/]+)?)\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """A number (`low` and `high` are the same) or a range, in a unit."""

    text: str
    low: Fraction
    high: Fraction
    unit: str


def figure(text: str) -> Figure | None:
    """Return what *text* says in numbers; None if it says anything else."""
    match = _FIGURE.fullmatch(text.strip())
    if match is None:
        return None
    low = Fraction(match["low"].replace(",", ""))
    high = Fraction(match["high"].replace(",", "")) if match["high"] else low
    return Figure(text, low, high, match["unit"].casefold())
