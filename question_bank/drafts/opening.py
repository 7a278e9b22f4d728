"""Drafts and cases: a draft of a case, and the case that a draft says."""

import re
from collections.abc import Collection
from typing import Any

from question_bank.case import Case, InvalidCase, Problem, case_to_json, parse_case
from question_bank.drafts.bodies import HANDLE, Body, taken
from question_bank.drafts.fields import field_of, path_of, rows_read, where_now
from question_bank.drafts.naming import with_names
from question_bank.drafts.shape import CASE, Group, Kind, Leaf, Rows

FIRST_TYPE = "single_best_answer"
"""What an item is that names no type."""

_CORNER = re.compile(r"\s*(-?\d{1,5})\s*,\s*(-?\d{1,5})\s*", re.ASCII)


def draft_of(case: Case) -> Body:
    """Return the body of a draft that says what *case* says; `read_draft` gives the case back.

    In it a waiver names its place by the path, so that it holds there wherever rows are moved.

    Raises:
        DraftTooLarge: see `taken`.
    """
    said = case_to_json(case)
    if not case.unfolds:
        stage = {"text": said["vignette"], "exhibits": said["exhibits"], "items": said["items"]}
        said["stages"] = [stage]
    body = taken({name: said[name] for name in said if name in CASE.fields}).body
    for waiver in body.get("waivers", ()):
        path = path_of(body, waiver.get("at", ""))
        if path and field_of(body, path) == waiver["at"]:
            waiver["at"] = path
    return body


def read_draft(
    raw: object, *, known_keys: Collection[str] = (), known_slugs: Collection[str] = ()
) -> Case:
    """Return the case that *raw*, the body of a draft or any other JSON, says.

    What has no name is named; see `with_names`.

    Raises:
        InvalidCase: with everything that it lacks; the field of each problem is a path.
        DraftTooLarge: see `taken`.
    """
    body = with_names(taken(raw).body, known_keys, known_slugs)
    lacking = _lacking(body)
    try:
        case = parse_case(_as_case(body))
    except InvalidCase as error:
        found = [Problem(path_of(body, each.field), _said(each)) for each in error.problems]
        found = [each for each in found if each.field or not lacking]
        raise InvalidCase(dict.fromkeys([*lacking, *found])) from None
    if lacking:
        raise InvalidCase(lacking)
    return case


def _lacking(body: Body) -> list[Problem]:
    """Return what the form of the case lacks: a stage, its text, its items, its title."""
    stages = body.get("stages", [])
    if not stages:
        return [Problem("stages", "is missing")]
    missing = [
        f"stages/{stage[HANDLE]}/{name}"
        for number, stage in enumerate(stages)
        for name in (("title", "text", "items") if number else ("text", "items"))
        if not _says(stage.get(name))
    ]
    return [Problem(path, "is missing") for path in missing]


def _says(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is False or bool(value)


def _said(problem: Problem) -> str:
    """Return what is wrong, for a draft: a leaf that is typed is no list to its author."""
    if problem.field.endswith(".polygon") and problem.message == "is not a list":
        return "is not a list of corners, like 0,0 90,0 90,60"
    return problem.message


def _as_case(body: Body) -> dict[str, Any]:
    """Return *body* as the format has it: with numbers as texts, which it takes."""
    said = _group(body, CASE) | {"format": 2}
    if "waivers" in said:
        placed = [_placed(body, each) for each in said["waivers"]]
        said["waivers"] = [each for each in placed if each]
    stages = said.get("stages", [])
    if len(stages) != 1:
        return said
    (stage,) = said.pop("stages")
    shown = {"vignette": stage.get("text"), "exhibits": stage.get("exhibits", [])}
    return said | shown | {"items": stage.get("items", [])}


def _placed(body: Body, waiver: dict[str, Any]) -> dict[str, Any] | None:
    """Return *waiver* with the field that its path leads to; None: what was there is gone."""
    path = where_now(body, waiver.get("at", ""))
    field = field_of(body, path)
    if path_of(body, field) == path:
        return waiver | {"at": field} if path else waiver
    return None if "/" in path else waiver


def _group(row: Body, kind: Group) -> dict[str, Any]:
    if kind.by_type:
        row = {"type": FIRST_TYPE} | row
        kind = kind.by_type.get(row["type"].strip(), kind)
    values = {
        name: _value(name, row[name], inner) for name, inner in kind.fields.items() if name in row
    }
    return {name: value for name, value in values.items() if _says(value)}


def _value(name: str, value: Any, kind: Kind) -> Any:
    if isinstance(kind, Group):
        return _group(value, kind)
    if isinstance(kind, Rows):
        rows = [_group(row, kind.of) for row in rows_read(name, value)]
        return [row.get("cells", []) for row in rows] if name == "rows" else rows
    return _corners(value) if kind is Leaf.CORNERS else value


def _corners(text: str) -> list[list[int]] | str:
    return [[x, y] for x, y in corners_in(text)] or text


def corners_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return the corners in *text*, like `0,0 90,0 90,60`; none, if it says anything else."""
    found = [_CORNER.fullmatch(each) for each in text.replace(", ", ",").split()]
    return tuple((int(each[1]), int(each[2])) for each in found if each) if all(found) else ()
