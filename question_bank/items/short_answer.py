"""Short answer: a few words, matched against what is accepted."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self, final

from pydantic import Field, StringConstraints, model_validator

from question_bank.items.answers import InvalidResponse, Json, fields_of
from question_bank.items.as_typed import folded, plain, typed
from question_bank.items.base import BaseItem, ReviewLine
from question_bank.items.editing import (
    ACCENTS,
    COVERED,
    WHY,
    EditorPart,
    ListPart,
    TagPart,
    TextPart,
)
from question_bank.items.shown import TextForFellow
from question_bank.shapes import Reason, Shape, Switch

LONGEST = 200
"""How many characters an answer may have."""

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@dataclass(frozen=True)
class ShortText:
    """The words as they were typed, trimmed."""

    text: str

    def to_json(self) -> dict[str, object]:
        """Return what `ShortAnswer.parse_answer` reads."""
        return {"text": self.text}


class WrongWords(Shape):
    """Words that a known mistake leads to; a pattern like those accepted."""

    text: Pattern
    why: Reason


@final
class ShortAnswer(BaseItem[ShortText]):
    """In what is accepted, `*` stands for any run of characters and `\\*` for a star.

    An accent that is left out or added does not count, unless `accents_matter`, or a known mistake
    differs from what is accepted in nothing else.
    """

    type: Literal["short_answer"]
    covered_answer: str | None = None
    accept: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=40)]
    accents_matter: Switch = None
    why: Reason
    mistakes: Annotated[tuple[WrongWords, ...], Field(max_length=8)] = ()

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            TagPart("accept", "Accepted", "One a line, the best first; * is any words."),
            ACCENTS,
            WHY,
            ListPart(
                "mistakes",
                "Known mistakes",
                "Words that a mistake leads to.",
                of=(TextPart("text", "Words", most=LONGEST), WHY),
                most=8,
                one="mistake",
            ),
        )

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Self:
        for mistake in self.mistakes:
            if any(matches(mistake.text, pattern) for pattern in self.accept):
                raise ValueError(f"the mistake “{mistake.text}” is accepted")
        return self

    @property
    def key_text(self) -> str:
        """The first of the accepted answers, without its stars."""
        return words(self.accept[0])

    @property
    def gist(self) -> Json:
        """What is accepted, and whether accents matter, if they do."""
        return [*sorted(self.accept), *([True] if self.accents_matter else [])]

    @cached_property
    def folds_accents(self) -> bool:
        """Whether an accent that is left out or added does not count."""
        return not self.accents_matter and not any(
            matches(mistake.text, pattern, fold_accents=True)
            for mistake in self.mistakes
            for pattern in self.accept
        )

    def for_fellow(self) -> TextForFellow:
        """Return the item without what is accepted."""
        return TextForFellow(**self._common)

    def _parsed(self, raw: object) -> ShortText | None:
        """Return the answer in *raw*, `{"text": "…"}`, or None if it is empty.

        Raises:
            InvalidResponse: not text, or longer than `LONGEST`.
        """
        text = fields_of(raw, "text").get("text")
        if text is None:
            return None
        line = line_of(text)
        return ShortText(line) if line else None

    def _earned(self, answer: ShortText) -> Fraction:
        """Return 1 if *answer* `matches` what is accepted, else 0."""
        return Fraction(int(self._accepts(answer)))

    def _accepts(self, answer: ShortText) -> bool:
        return any(self._matches(answer, pattern) for pattern in self.accept)

    def _matches(self, answer: ShortText, pattern: str) -> bool:
        return matches(answer.text, pattern, fold_accents=self.folds_accents)

    def _in_words(self, answer: ShortText) -> str:
        return answer.text

    def review(self, answer: ShortText | None) -> tuple[ReviewLine, ...]:
        """Return the accepted answer, then the known mistakes; at most one is the fellow's."""
        met = answer is not None and self._accepts(answer)
        lines = [ReviewLine(self.key_text, self.why, is_key=True, chosen=met)]
        for wrong in self.mistakes:
            hit = not met and answer is not None and self._matches(answer, wrong.text)
            lines.append(ReviewLine(words(wrong.text), wrong.why, chosen=hit))
            met = met or hit
        return tuple(lines)


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


def matches(text: str, pattern: str, *, fold_case: bool = True, fold_accents: bool = False) -> bool:
    """Return whether all of *text* is what *pattern* describes.

    Spacing, what print makes of quotes and hyphens, the way accents are coded and a period at
    the end do not count, nor does case, if *fold_case*, and then neither do accents, if
    *fold_accents*. A star between spaces may also stand for nothing, with one space left: `a * b`
    takes "a b". The time is linear in the length of *text* for each run of *pattern*: parts are
    sought from left to right, the first fit is as good as any.
    """
    text = _normal(text, fold_case, fold_accents)
    first, *middle = _normal_runs(pattern, fold_case, fold_accents)
    if not middle:
        return _ended(text) == _ended(first.strip())
    *middle, last = middle
    first, last = first.lstrip(), _ended(last.rstrip())
    if last:  # else the star at the end stands for the period too
        text = _ended(text)
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for run in middle:
        begins = text.find(run, _start(text, at, run), max(end + run.endswith(" "), at))
        if begins < 0:
            return False
        at = begins + len(run)
    return _start(text, at, last) <= end


@lru_cache(maxsize=256)
def _normal(text: str, fold_case: bool, fold_accents: bool) -> str:
    """Return *text* as it is compared: an answer is held against many patterns in turn."""
    return folded(text, accents=fold_accents) if fold_case else plain(text)


@lru_cache(maxsize=2048)
def _normal_runs(pattern: str, fold_case: bool, fold_accents: bool) -> tuple[str, ...]:
    """Return the parts of *pattern* as they are compared; a class is held against the same ones."""
    runs = _runs(plain(pattern))
    return tuple(_spaced(run, _normal(run, fold_case, fold_accents)) for run in runs)


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


def words(pattern: str) -> str:
    """Return *pattern* without its stars."""
    return " ".join(" ".join(_runs(pattern)).split())
