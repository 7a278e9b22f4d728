"""The body of a draft: whatever comes is brought into its shape, or said to be left out."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from question_bank.case import Problem
from question_bank.drafts.shape import CASE, Group, Kind, Leaf, Rows

Body = dict[str, Any]
"""Fields by name; a row of a list has its handle under `HANDLE`. Nothing in it is empty."""

HANDLE = "#"

LARGEST = 400_000
"""Bytes that a body may have, as JSON in UTF-8."""

MOST_ROWS = 400
"""Rows that a list may have, and texts that a leaf may have."""

MOST_SAID = 50
"""How many parts that were left out are named."""

_IS_HANDLE = re.compile(r"[a-z0-9]{2,8}", re.ASCII)


class DraftTooLarge(Exception):
    """A body that is not kept; the message is for the person who wrote it."""

    def __init__(self) -> None:
        super().__init__(f"A draft holds at most {LARGEST // 1000} kB of text.")


@dataclass(frozen=True)
class TakenBody:
    """A body in its shape, and what was left out of it: path and reason."""

    body: Body
    left_out: tuple[Problem, ...]


def taken(raw: object) -> TakenBody:
    """Return the body that *raw*, any JSON, holds.

    A row without a handle, or with one that an earlier row has, is given one. Numbers become
    texts. What is empty is left out and not named.

    Raises:
        DraftTooLarge: it holds more than `LARGEST`.
    """
    left_out: list[Problem] = []
    body = _group(raw, CASE, "", left_out)
    if len(json.dumps(body, ensure_ascii=False).encode()) > LARGEST:
        raise DraftTooLarge
    _give_handles(body)
    return TakenBody(body, tuple(left_out[:MOST_SAID]))


def is_handle(text: object) -> bool:
    """Return whether *text* may be the handle of a row."""
    return isinstance(text, str) and _IS_HANDLE.fullmatch(text) is not None


def rows_within(group: Body, path: str = "") -> Iterator[tuple[str, list[Body]]]:
    """Yield every list of rows in *group* with its path, outer ones first."""
    for name, value in group.items():
        here = f"{path}/{name}".lstrip("/")
        if isinstance(value, dict):
            yield from rows_within(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield here, value
            for row in value:
                yield from rows_within(row, f"{here}/{row.get(HANDLE, '')}")


def _group(raw: object, kind: Group, path: str, out: list[Problem]) -> Body:
    if not isinstance(raw, Mapping):
        out.append(Problem(path or "case", "is not a group of fields"))
        return {}
    for name in list(raw)[:MOST_ROWS]:
        if name not in kind.fields and name != HANDLE:
            out.append(Problem(_within(path, str(name)[:80]), "is not a field of the format"))
    found = {}
    for name, inner in kind.fields.items():
        value = _value(raw.get(name), inner, _within(path, name), out)
        if value not in (None, "", [], {}):
            found[name] = value
    return found


def _value(raw: object, kind: Kind, path: str, out: list[Problem]) -> Any:
    if raw is None:
        return None
    if isinstance(kind, Group):
        return _group(raw, kind, path, out)
    if isinstance(kind, Rows):
        return _rows(raw, kind, path, out)
    value = _LEAVES[kind](raw)
    if value is None:
        out.append(Problem(path, _MISFIT[kind]))
    return value


def _rows(raw: object, kind: Rows, path: str, out: list[Problem]) -> list[Body]:
    if not isinstance(raw, list):
        out.append(Problem(path, "is not a list"))
        return []
    if len(raw) > MOST_ROWS:
        out.append(Problem(path, f"has {len(raw)}; give at most {MOST_ROWS}"))
    rows = []
    for number, each in enumerate(raw[:MOST_ROWS]):
        row = {"cells": each} if isinstance(each, list) and "cells" in kind.of.fields else each
        if not isinstance(row, Mapping):
            out.append(Problem(f"{path}/{number}", "is not a group of fields"))
            continue
        handle = row.get(HANDLE)
        inner = _group(row, kind.of, f"{path}/{handle if is_handle(handle) else number}", out)
        rows.append({HANDLE: handle if is_handle(handle) else ""} | inner)
    return rows


def _within(path: str, name: str) -> str:
    return f"{path}/{name}".lstrip("/")


def text_of(raw: object) -> str | None:
    """Return the text that *raw* is or, being a number, is written as; None: neither.

    Line ends are plain; a sign that no text can hold is gone.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**15 else None
    if isinstance(raw, float):
        return repr(raw) if math.isfinite(raw) else None
    if not isinstance(raw, str):
        return None
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _texts(raw: object) -> list[str] | None:
    if not isinstance(raw, list) or len(raw) > MOST_ROWS:
        return None
    texts = [text_of(each) for each in raw]
    return [each or "" for each in texts] if None not in texts else None


def _tags(raw: object) -> list[str] | None:
    texts = _texts(raw)
    return None if texts is None else [each for each in texts if each.strip()]


def _switch(raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _corners(raw: object) -> str | None:
    """Return the corners in *raw*, a text or a list of pairs, as a text."""
    if not isinstance(raw, list):
        return text_of(raw)
    pairs = [_texts(each) for each in raw[:MOST_ROWS]]
    return " ".join(",".join(each) for each in pairs if each) if all(pairs) else None


_LEAVES: dict[Leaf, Callable[[object], Any]] = {
    Leaf.TEXT: text_of,
    Leaf.SWITCH: _switch,
    Leaf.TAGS: _tags,
    Leaf.CELLS: _texts,
    Leaf.CORNERS: _corners,
}
"""What reads a leaf of each kind; it gives None for what is no such leaf."""

_MISFIT = {
    Leaf.TEXT: "is not text",
    Leaf.SWITCH: "is neither true nor false",
    Leaf.TAGS: f"is not a list of at most {MOST_ROWS} texts",
    Leaf.CELLS: f"is not a list of at most {MOST_ROWS} texts",
    Leaf.CORNERS: "is not a list of corners, like 0,0 90,0 90,60",
}


def _give_handles(body: Body) -> None:
    """Give a handle to every row of *body* that has none, or one that an earlier row has."""
    lists = [(path.rsplit("/", 1)[-1], rows) for path, rows in rows_within(body)]
    known = {row[HANDLE] for _, rows in lists for row in rows}
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    for name, rows in lists:
        for row in rows:
            while row[HANDLE] in seen or not row[HANDLE]:
                numbers[name[0]] = numbers.get(name[0], 0) + 1
                new = f"{name[0]}{numbers[name[0]]}"
                row[HANDLE] = "" if new in known else new
            seen.add(row[HANDLE])
