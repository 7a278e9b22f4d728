"""Where in a draft a path leads, in words: “Stage 2, item 3, option C, reason”."""

from collections.abc import Mapping, Sequence
from typing import Any

from question_bank.drafts.bodies import HANDLE
from question_bank.drafts.called import field_called, one_called


def place_in_words(body: Mapping[str, Any], path: str) -> str:
    """Return where *path* leads in *body*; items are counted over all stages."""
    words: list[str] = []
    here: Any = body
    names = path.split("/")
    for n, name in enumerate(names):
        if isinstance(here, list):
            words += _one_of(here, name, names[n - 1], _items_before(body, here))
            here = next((each for each in here if _handle(each) == name), None)
        else:
            here = here.get(name) if isinstance(here, dict) else None
            last = n == len(names) - 1
            words += [_leaf(name, names[n - 2 : n])] if last else []
    said = ", ".join(each for each in words if each)
    return said[:1].upper() + said[1:]


def _one_of(rows: Sequence[Any], handle: str, name: str, before: int) -> list[str]:
    at = next((n for n, each in enumerate(rows) if _handle(each) == handle), None)
    if at is None or (name == "stages" and len(rows) == 1):
        return []
    if name == "options":
        return [f"option {letter(at)}"]
    return [f"{one_called(name)} {before + at + 1}"]


def _items_before(body: Mapping[str, Any], rows: Sequence[Any]) -> int:
    """Return how many items stand in earlier stages, if *rows* are those of a stage."""
    before = 0
    stages = body.get("stages")
    for stage in stages if isinstance(stages, list) else ():
        items = stage.get("items") if isinstance(stage, dict) else None
        if items is rows:
            return before
        before += len(items) if isinstance(items, list) else 0
    return 0


def _leaf(name: str, around: Sequence[str]) -> str:
    """Return what a field is called; the text of a row is the row, that of a stage its story."""
    if name == "text":
        return "story" if around[:1] == ["stages"] else ""
    return field_called(name)


def _handle(group: Any) -> object:
    return group.get(HANDLE) if isinstance(group, dict) else None


def letter(at: int) -> str:
    """Return the letter of the option at a place from 0; a number beyond the alphabet."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at] if at < 26 else str(at + 1)
