"""Where in a text a list stands: lines behind letters, numbers or bullets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_LABEL = re.compile(
    r"^[ \t]*(?:(?P<star>\*)[ \t]*)?(?:\((?P<a>[A-Za-z]|\d{1,2})\)|(?P<b>[A-Za-z]|\d{1,2})[.)\]:])"
    r"[ \t]+(?=\S)",
    re.MULTILINE,
)
_INLINE = re.compile(r"(?<!\S)(?P<star>\*)?(?:\((?P<a>[A-Ha-h])\)|(?P<b>[A-Ha-h])[.)])[ \t]+(?=\S)")
_BULLET = re.compile(r"^[ \t]*(?P<star>\*(?=[-–•·▪◦]))?[-–—•·▪◦*][ \t]+(?=\S)", re.MULTILINE)
_ENDS = re.compile(
    r"\n[ \t]*\n|\n[ \t]*(?=(?:the[ \t]+)?(?:correct[ \t]+|best[ \t]+)?(?:answers?|ans|keys?)\b)",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^\*+[ \t]*|[ \t]*(?:\*+|\((?:correct|key)\))$", re.IGNORECASE)

FEWEST = 2
"""Lines behind letters that make a list; of lines behind bullets, and in one line, one more."""


@dataclass(frozen=True)
class ListedOption:
    """A row of a list, the letter or number before it, and whether it is marked as a key."""

    label: str
    text: str
    key: bool = False

    @classmethod
    def marked(cls, label: str, text: str, *, star: bool = False) -> Self:
        """Return the row that *text* is, without the asterisk that marks it."""
        bare = " ".join(text.split())
        without = _MARKED.sub("", bare)
        return cls(label, without, star or without != bare) if without else cls(label, bare, star)


FoundList = tuple[int, int, tuple[ListedOption, ...]]
"""Where the list begins and ends in its text, and its rows."""


def labelled(text: str) -> FoundList | None:
    """Return the last list in *text* behind letters or numbers from the first on; None: none."""
    return _run(text, list(_LABEL.finditer(text)), FEWEST) or _run(
        text, list(_INLINE.finditer(text)), FEWEST + 1
    )


def bulleted(text: str, fewest: int = FEWEST + 1) -> FoundList | None:
    """Return the list of all lines behind bullets in *text*; None: there are not so many."""
    marks = list(_BULLET.finditer(text))
    return _rows(text, marks) if len(marks) >= fewest else None


def _run(text: str, marks: Sequence[re.Match[str]], fewest: int) -> FoundList | None:
    """Return the list of the longest run of *marks* in order, the last one of like length."""
    best: list[re.Match[str]] = []
    run: list[re.Match[str]] = []
    for mark in marks:
        if run and _rank(mark) == _rank(run[-1]) + 1 and _kind(mark) == _kind(run[-1]):
            run.append(mark)
        elif _rank(mark) == 0:
            run = [mark]
        if len(run) >= max(len(best), fewest):
            best = run
    return _rows(text, best) if best else None


def _name(mark: re.Match[str]) -> str:
    return mark["a"] or mark["b"]


def _kind(mark: re.Match[str]) -> str:
    name = _name(mark)
    return "1" if name.isdigit() else "a" if name.islower() else "A"


def _rank(mark: re.Match[str]) -> int:
    name = _name(mark)
    return int(name) - 1 if name.isdigit() else ord(name.casefold()) - ord("a")


def _rows(text: str, marks: Sequence[re.Match[str]]) -> FoundList:
    starts = [mark.start() for mark in marks]
    last = _ENDS.search(text, marks[-1].end())
    ends = [*starts[1:], last.start() if last else len(text)]
    rows = tuple(
        ListedOption.marked(_label(mark), text[mark.end() : end], star=bool(mark["star"]))
        for mark, end in zip(marks, ends, strict=True)
    )
    return starts[0], ends[-1], rows


def _label(mark: re.Match[str]) -> str:
    return _name(mark) if "a" in mark.re.groupindex else ""
