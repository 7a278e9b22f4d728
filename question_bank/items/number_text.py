"""Numbers as people type them, read one way only, or not at all."""

import re
from dataclasses import dataclass

from question_bank.items.answers import InvalidResponse

_RUN = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(?:e[+-]?\d{1,2}(?!\d))?", re.IGNORECASE)
"""Where a text begins with what is meant as a number, whether it is one or not."""

_PLAIN = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})(e[+-]?\d{1,2})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3}){1,4}(\.\d{1,15})?")
_COMMA = re.compile(r"[+-]?\d{0,15},\d{1,15}")
_GROUPED_BY_POINTS = re.compile(r"[+-]?\d{1,3}((\.\d{3}){1,4},\d{1,15}|(\.\d{3}){2,4})")
_EITHER = re.compile(r"([+-]?)(\d{1,3}),(\d{3})")

_SHOWN = 30
"""Characters of what was typed that a sentence repeats."""


@dataclass(frozen=True)
class NumberText:
    """A number with a point before its decimals, maybe with commas between thousands.

    `behind` is what stands behind it: a unit, or nothing.
    """

    number: str
    behind: str


def split_number(text: str) -> NumberText:
    """Return the number that *text*, which has plain dashes and spaces, begins with, as written.

    Raises:
        InvalidResponse: it begins with none; the sentence says what is wrong.
    """
    run = _RUN.match(text)
    number = run.group() if run else ""
    if not (_PLAIN.fullmatch(number) or _GROUPED.fullmatch(number)):
        raise InvalidResponse(_whats_wrong(text, number))
    return NumberText(number, _behind(text, number))


def meant_number(text: str) -> NumberText:
    """Return the number that *text*, which was typed just now, begins with.

    A comma before decimals is read as a point, as keyboards of many countries know no other.
    What is a thousand times more when its comma is read the other way is asked back.

    Raises:
        InvalidResponse: it begins with none, or with one that can be read two ways.
    """
    run = _RUN.match(text)
    number = run.group() if run else ""
    either = _EITHER.fullmatch(number)
    if either and int(either[2][0]):  # no group of thousands begins with a nought
        raise InvalidResponse(_two_ways(*either.groups()))
    if _GROUPED_BY_POINTS.fullmatch(number):
        return NumberText(number.replace(".", "").replace(",", "."), _behind(text, number))
    if _COMMA.fullmatch(number):
        return NumberText(number.replace(",", "."), _behind(text, number))
    return split_number(text)


def _two_ways(sign: str, whole: str, rest: str) -> str:
    number, thousands, decimals = (f"{sign}{whole}{join}{rest}" for join in (",", "", "."))
    return (
        f"“{number}” can be read as {thousands} or as {decimals}. "
        f"Write {thousands}, or {decimals} (or {number}0)."
    )


def _behind(text: str, number: str) -> str:
    """Return what stands behind *number*, with which *text* begins.

    Raises:
        InvalidResponse: it is a second number.
    """
    behind = text[len(number) :].strip()
    if re.match(r"[-+]? ?[.,]?\d|(to|or|and)\b", behind, re.IGNORECASE):
        raise InvalidResponse(f"“{_short(text)}” is more than one number. Give one, like 12.5.")
    return behind


def _whats_wrong(text: str, number: str) -> str:
    shown = f"“{_short(text)}”"
    if not re.search(r"\d", text):
        return f"{shown} has no digits. Give one number in digits, like 12.5."
    if not number:
        before = re.split(r"\d", text)[0].strip()
        what = "a space" if before in ("+", "-") else f"“{_short(before)}”"
        return f"{shown} has {what} before its digits. Give the number alone, like 12.5 or -12.5."
    if re.search(r"\d{16}", number):
        return f"{shown} has more digits than a number here may. Give at most 15."
    return (
        f"{shown} has its points or commas where no number has them. "
        "Give one number, with a point before decimals: 12.5, or 1200."
    )


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
