"""Paths of a draft, and the fields that rules and problems name: `items[0].options[2].why`."""

import re
from collections.abc import Sequence
from typing import Any

from question_bank.drafts.bodies import HANDLE, Body
from question_bank.drafts.parts import parts_of, row_paths

_TOKEN = re.compile(r"\[(\d+)\]|([^.\[\]]+)")

ALWAYS_READ = {"stages", "items", "exhibits", "rows"}
"""Lists whose rows count even while they say nothing."""


def rows_read(name: str, rows: Sequence[Body]) -> list[Body]:
    """Return those *rows* of the list *name* that a case is read from: a blank one is none yet."""
    return [row for row in rows if name in ALWAYS_READ or not is_blank(row)]


def is_blank(row: Body) -> bool:
    """Return whether nothing was written in *row*: a switch that is off is nothing."""
    return all(_says_nothing(value) for name, value in row.items() if name != HANDLE)


def _says_nothing(value: Any) -> bool:
    if isinstance(value, dict):
        return is_blank(value)
    if isinstance(value, list):
        return all(_says_nothing(each) for each in value)
    return value is False or (isinstance(value, str) and not value.strip())


def path_of(body: Body, field: str) -> str:
    """Return the path of *field*, or of the nearest part around it that *body* has.

    What is in a leaf, like a corner or a cell, is that leaf. Empty: the case as a whole.
    """
    value: Any = body
    path: list[str] = []
    for index, name in _tokens_of(body, field):
        if index and isinstance(value, list) and value and isinstance(value[0], dict):
            rows = rows_read(path[-1], value)
            if int(index) >= len(rows):
                break
            value = rows[int(index)]
            path.append(value[HANDLE])
        elif name and isinstance(value, dict):
            path.append(name)
            value = value.get(name)
    if path[-3:-2] == ["rows"] or path[-2:-1] == ["rows"]:
        path = [*path[: path.index("rows") + 2], "cells"]
    return "/".join(path)


def _tokens_of(body: Body, field: str) -> list[tuple[str, str]]:
    """Return index or name, part by part, of *field* as a case in stages would have it."""
    if field == "case":
        return []
    first = field.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0]
    if first == "vignette":
        field = "stages[0].text"
    elif first in ("items", "exhibits"):
        field = f"stages[0].{field}"
    return _TOKEN.findall(field)


def field_of(body: Body, path: str) -> str:
    """Return the field that rules and problems name for *path*, as `body` would be read.

    Of a path that *body* does not have, it is the field of the nearest part around it; an order
    is its list. Empty for the case as a whole.
    """
    value: Any = body
    field, last = "", ""
    for part in path.split("/"):
        if isinstance(value, dict) and part:
            field, last = f"{field}.{part}".lstrip("."), part
            value = value.get(part)
        elif isinstance(value, list) and part != "@":
            rows = rows_read(last, [row for row in value if isinstance(row, dict)])
            handles = [row[HANDLE] for row in rows]
            if part not in handles:
                break
            field, value = f"{field}[{handles.index(part)}]", rows[handles.index(part)]
            value = value.get("cells") if last == "rows" else value
    return _as_one(field) if len(body.get("stages", [])) < 2 else field


def where_now(body: Body, path: str) -> str:
    """Return where what stood at *path* stands, should a row around it have been moved."""
    names, rows = path.split("/"), row_paths(parts_of(body))
    moved = (n for n in range(len(names) - 1, 0, -1) if names[n] in rows)
    place = next(moved, None)
    return path if place is None else "/".join([rows[names[place]], *names[place + 1 :]])


def _as_one(field: str) -> str:
    """Return *field* of the one stage as a case that says all at once has it."""
    inner = field.removeprefix("stages[0].")
    return "vignette" if inner == "text" and inner != field else inner
