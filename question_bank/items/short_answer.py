"""Short answer: a few words, matched against what is accepted."""

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

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
    typed,
)

LONGEST = 200
"""How many characters an answer may have."""

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@dataclass(frozen=True)
class Text:
    """The words as they were typed, trimmed."""

    text: str

    def to_json(self) -> dict[str, object]:
        """Return what `parse` reads."""
        return {"text": self.text}


class WrongWords(Shape):
    """Words that a known mistake leads to; a pattern like those accepted."""

    text: Pattern
    why: Reason


class ShortAnswer(BaseItem):
    """In what is accepted, `*` stands for any run of characters and `\\*` for a star."""

    type: Literal["short_answer"]
    covered_answer: str | None = None
    accept: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=40)]
    why: Reason
    mistakes: Annotated[tuple[WrongWords, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Self:
        for mistake in self.mistakes:
            if any(matches(mistake.text, pattern) for pattern in self.accept):
                raise ValueError(f"the mistake “{mistake.text}” is accepted")
        return self


_AS_TYPED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'} | dict.fromkeys("‐‑–−", "-"))
"""What phones and word processors make of plain quotes and hyphens, and what was typed."""


def _normal(text: str) -> str:
    """Return *text* with spacing folded, accents composed, and quotes and hyphens plain."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_AS_TYPED).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", _normal(text).casefold())


def _runs(pattern: str) -> list[str]:
    """Return the literal parts of *pattern* between its stars."""
    runs = [""]
    rest = iter(pattern)
    for sign in rest:
        if sign == "\\":
            following = next(rest, "")
            runs[-1] += "*" if following == "*" else sign + following
        elif sign == "*":
            runs.append("")
        else:
            runs[-1] += sign
    return runs


def matches(text: str, pattern: str, *, fold_case: bool = True) -> bool:
    """Return whether all of *text* is what *pattern* describes.

    Spacing, what print makes of quotes and hyphens, the way accents are coded and a period at
    the end do not count, nor does case, if *fold_case*. A star between spaces may also stand for
    nothing, with one space left: `a * b` takes "a b". The time is linear in the length of *text*
    for each run of *pattern*: parts are sought from left to right, the first fit is as good as
    any.
    """
    normal = _folded if fold_case else _normal
    text = _ended(normal(text))
    first, *middle = (_spaced(run, normal(run)) for run in _runs(_normal(pattern)))
    if not middle:
        return text == _ended(first.strip())
    *middle, last = middle
    first, last = first.lstrip(), _ended(last.rstrip())
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for run in middle:
        found = text.find(run, _start(text, at, run), max(end + run.endswith(" "), at))
        if found < 0:
            return False
        at = found + len(run)
    return _start(text, at, last) <= end


def _ended(text: str) -> str:
    """Return *text* without the period, and the space before it, that a sentence ends with."""
    return text.removesuffix(".").rstrip()


def _start(text: str, at: int, run: str) -> int:
    """Return where *run* may begin, *at* or on the space just before it."""
    return at - (run.startswith(" ") and text[:at].endswith(" "))


def _spaced(run: str, normal: str) -> str:
    """Return *normal* with the space back that *run* has at its ends, beside a star."""
    before = " " if run[:1].isspace() else ""
    after = " " if run[-1:].isspace() and run.strip() else ""
    return before + normal + after


def parse(_item: ShortAnswer, raw: object) -> Text | None:
    """Return the answer in *raw*, `{"text": "…"}`, or None if it is empty.

    Raises:
        InvalidResponse: not text, or longer than `LONGEST`.
    """
    text = fields_of(raw, "text").get("text")
    if text is None:
        return None
    line = line_of(text)
    return Text(line) if line else None


def line_of(raw: object) -> str:
    """Return the line of text that *raw* is, as it was meant; empty: nothing was written.

    Raises:
        InvalidResponse: not one line of text, or longer than `LONGEST`.
    """
    if not isinstance(raw, str):
        raise InvalidResponse("Answer in a few plain words.")
    if len(raw) > LONGEST:
        raise InvalidResponse(f"Answer in at most {LONGEST} characters.")
    line = typed(raw)
    if not line.isprintable():
        raise InvalidResponse("Answer in a few plain words.")
    return line


def credit(item: ShortAnswer, answer: Text) -> Fraction:
    """Return 1 if *answer* `matches` what is accepted, else 0."""
    return Fraction(int(any(matches(answer.text, pattern) for pattern in item.accept)))


def show(item: ShortAnswer) -> ItemForFellow:
    """Return the item without what is accepted."""
    return ItemForFellow(**common(item))


def read(_shown: ItemForFellow, fields: Fields) -> object:
    """Return the JSON of what the control holds; None: it is empty."""
    text = "".join(fields.get("answer", ())[:1]).strip()
    return {"text": text} if text else None


def write(_shown: ItemForFellow, raw: dict[str, Any]) -> Fields:
    """Return the control as it stands for *raw*."""
    return {"answer": [str(raw.get("text", ""))]}


def key_text(item: ShortAnswer) -> str:
    """Return the first of the accepted answers, without its stars."""
    return words(item.accept[0])


def words(pattern: str) -> str:
    """Return *pattern* without its stars."""
    return " ".join(" ".join(_runs(pattern)).split())


def answer_text(_item: ShortAnswer, answer: Text) -> str:
    """Return the answer in words."""
    return answer.text


def review(item: ShortAnswer, answer: Text | None) -> tuple[Line, ...]:
    """Return the accepted answer, then the known mistakes; at most one of them is the fellow's."""
    right = answer is not None and credit(item, answer) == 1
    lines = [Line(key_text(item), item.why, is_key=True, chosen=right)]
    found = right
    for wrong in item.mistakes:
        hit = not found and answer is not None and matches(answer.text, wrong.text)
        lines.append(Line(words(wrong.text), wrong.why, chosen=hit))
        found = found or hit
    return tuple(lines)
