"""The words of a case that somebody can quote, and whether they stand there still."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from question_bank.case import Case, case_to_json
from question_bank.places import as_place, entry, word

_PROSE = {
    "accept", "alt", "anchor", "caption", "covered_answer", "decision", "finding", "idea",
    "lead_in", "left", "misconception", "model_answer", "name", "right", "supports",
    "takeaway", "text", "theme", "title", "vignette", "why",
}  # fmt: skip
"""The fields of a case that hold sentences or words which its reader sees."""

_END = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z0-9“*(])|\n+")


@dataclass(frozen=True)
class CaseText:
    """A text of a case: its field as rules name it, its place in words, and what it says."""

    field: str
    place: str
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences, or lines, in order."""
        return tuple(each.strip() for each in _END.split(self.text) if each.strip())


def passages(case: Case) -> tuple[CaseText, ...]:
    """Return every text of *case*, in the order of reading."""
    said = case_to_json(case)
    numbers = {item.key: number for number, item in enumerate(case.questions, 1)}
    first = ("title", "decision", "vignette", "exhibits", "items", "stages", "takeaway")
    ordered = {name: said[name] for name in first if name in said}
    return tuple(_in_group(ordered | {"references": said["references"]}, "", (), numbers))


def _in_group(
    group: dict[str, Any], field: str, place: tuple[str, ...], numbers: dict[str, int]
) -> Iterator[CaseText]:
    for name, value in group.items():
        at = f"{field}.{name}".lstrip(".")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                called = _called(name, number, row, numbers)
                there = (called,) if name == "items" else (*place, called)
                yield from _in_group(row, f"{at}[{number}]", there, numbers)
        elif isinstance(value, str) and name in _PROSE and value.strip():
            said = "" if name == "vignette" else word(name)
            yield CaseText(at, as_place((*place, said)), value)


def _called(name: str, number: int, row: dict[str, Any], numbers: dict[str, int]) -> str:
    return f"Item {numbers[row['key']]}" if name == "items" else entry(name, number)


def stands_in(case: Case, quoted: str) -> bool:
    """Return whether the words *quoted* stand in *case* still, whatever is around them."""
    return stand_in_one((each.text for each in passages(case)), quoted)


def stand_in_one(texts: Iterable[str], quoted: str) -> bool:
    """Return whether one of *texts* has the words *quoted*."""
    wanted = _plain(quoted)
    return any(wanted in _plain(text) for text in texts)


def _plain(text: str) -> str:
    """Return *text* as a reader sees it: without signs of Markdown, and spaced evenly."""
    return " ".join(re.sub(r"[*_`]", "", text).split())
