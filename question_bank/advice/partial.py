"""A half-written draft as the rules read it: a case as far as it goes, and what it lacks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from question_bank.case import Case
from question_bank.drafts.bodies import HANDLE
from question_bank.items import ITEM_TYPES
from question_bank.items.base import BaseItem

_KINDS = {kind.type_name(): kind for kind in ITEM_TYPES}
_SWITCHED_ON = ("true", "on", "yes", "1")
_ONE_STAGE = ("vignette", "exhibits", "items")
_PROPOSED = frozenset({"slug", "key", "format"})
"""What a case needs and a draft may leave open: it is made from the text."""

_NOT_BEGUN = frozenset({HANDLE, "key", "type", "level", "points", "shuffle", "weight", "use"})
"""What a group may hold before anybody has written in it."""


@dataclass
class _Notes:
    """What is noted while a draft is read, as `Partial` has it."""

    lacking: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)
    paths: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Partial:
    """A case as far as it is written.

    `lacking` has every field that the case needs and that is blank or cannot be read, `unfinished`
    the field of every item that is not whole. `paths` leads from the groups of the case to those
    of the draft; a group in which nothing is written is no part of the case.
    """

    case: Case
    lacking: frozenset[str]
    unfinished: frozenset[str]
    paths: Mapping[str, str]

    def path_of(self, place: str) -> str:
        """Return the path in the draft of *place*, a field of the case."""
        around = place
        while around and around not in self.paths:
            around = around[: max(around.rfind("."), around.rfind("["), 0)]
        names = re.sub(r"\[\d+\]", "", place[len(around) :]).replace(".", "/").strip("/")
        return "/".join(each for each in (self.paths.get(around, ""), names) if each)

    def place_of(self, path: str) -> str:
        """Return the field of the case that *path* leads to; as it is, if to none."""
        around = {to: place for place, to in self.paths.items()}
        lead = path
        while lead and lead not in around:
            lead = lead.rpartition("/")[0]
        rest = path[len(lead) :].strip("/").replace("/", ".")
        return ".".join(each for each in (around.get(lead, ""), rest) if each)


def partial_case(body: Mapping[str, Any]) -> Partial:
    """Return *body*, any JSON object, read as far as it can be; nothing is ever raised.

    Leaves are as they were typed: a number may stand there as a string.
    """
    notes = _Notes()
    stages = list(_begun_rows(body.get("stages"), "stages", "stages"))
    told = {name: body[name] for name in body if name != "stages" and name not in _ONE_STAGE}
    if len(stages) > 1:
        told["stages"] = body["stages"]
    for _, path, stage in stages if len(stages) == 1 else ():
        for name, inner in zip(_ONE_STAGE, ("text", "exhibits", "items"), strict=True):
            notes.paths[name] = f"{path}/{inner}"
            told[name] = stage.get(inner)
    case = _group(Case, told, "", "", notes)
    if len(stages) < 2:
        notes.lacking |= {name for name in ("vignette", "items") if not getattr(case, name)}
    found = Partial(case, frozenset(notes.lacking), frozenset(notes.unfinished), notes.paths)
    placed = [
        each.model_copy(update={"at": found.place_of(each.at)}) if each.at else each
        for each in case.waivers
    ]
    return replace(found, case=case.model_copy(update={"waivers": tuple(placed)}))


def _begun_rows(raw: object, place: str, path: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield place, path and content of every group in a list that somebody has begun."""
    count = 0
    for n, each in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(each, dict) and _begun(each):
            handle = each.get(HANDLE)
            yield f"{place}[{count}]", f"{path}/{handle if isinstance(handle, str) else n}", each
            count += 1


def _begun(value: object) -> bool:
    if isinstance(value, dict):
        return any(_begun(each) for name, each in value.items() if name not in _NOT_BEGUN)
    if isinstance(value, list):
        return any(map(_begun, value))
    return not _blank(value)


def _blank(value: object) -> bool:
    return value is None or value is False or (isinstance(value, str) and not value.strip())


def _group(kind: type[BaseModel], raw: Mapping[str, Any], place: str, path: str, to: _Notes) -> Any:
    """Return *raw* as a *kind*, unchecked; note in *to* what it lacks."""
    read: dict[str, Any] = {}
    for name, info in kind.model_fields.items():
        inner, value = f"{place}.{name}".lstrip("."), raw.get(name)
        if _blank(value) and value is not False and not info.is_required():
            read[name] = info.get_default(call_default_factory=True)
            continue
        lead = to.paths.get(inner) or f"{path}/{name}".lstrip("/")
        read[name] = _value(info.annotation, value, inner, lead, to)
        if info.is_required() and name not in _PROPOSED and _is_nothing(read[name]):
            to.lacking.add(inner)
    return kind.model_construct(**read)


def _is_nothing(value: object) -> bool:
    return value is None or value in ("", ())


def _value(kind: Any, raw: Any, place: str, path: str, to: _Notes) -> Any:
    """Return *raw* as a *kind*; what cannot be read becomes the emptiest value of it."""
    inner = [each for each in get_args(kind) if each is not NoneType]
    origin = get_origin(kind)
    if origin is Annotated:
        return _value(_plain(kind), raw, place, path, to)
    if origin in (Union, UnionType):
        return _either(kind, inner, raw, place, path, to)
    if origin is Literal:
        return next((each for each in inner if str(each) == str(raw)), inner[0])
    if origin is tuple:
        return _list(inner, raw, place, path, to)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _group(kind, raw if isinstance(raw, dict) else {}, place, path, to)
    return _leaf(kind, raw)


def _either(kind: Any, kinds: list[Any], raw: Any, place: str, path: str, to: _Notes) -> Any:
    if any(isinstance(each, type) and issubclass(each, BaseItem) for each in kinds):
        return _item(raw, place, path, to)
    absent = _blank(raw) or (isinstance(kinds[0], type) and issubclass(kinds[0], BaseModel))
    if NoneType in get_args(kind) and absent and not isinstance(raw, dict):
        return None
    return _value(kinds[0], raw, place, path, to)


def _item(raw: dict[str, Any], place: str, path: str, to: _Notes) -> Any:
    """Return an item of the type it says, checked if it is whole; the first type if of none."""
    kind = _KINDS.get(str(raw.get("type")), ITEM_TYPES[0])
    item = _group(kind, raw, place, path, to)
    try:
        return kind.model_validate(item.model_dump(exclude_none=True, warnings=False))
    except ValidationError:
        to.unfinished.add(place)
        return item


def _list(kinds: list[Any], raw: Any, place: str, path: str, to: _Notes) -> tuple[Any, ...]:
    """Return a list: of groups that are begun, of lists of cells or corners, or of leaves."""
    kind = _plain(kinds[0])
    if kinds[-1] is not Ellipsis:
        return tuple(
            _leaf(_plain(each), part) for each, part in zip(kinds, _parts(raw, ","), strict=False)
        )
    if get_origin(kind) is tuple:
        return tuple(_rows_of_cells(kind, _parts(raw, None), place, path, to))
    if isinstance(kind, type) and not issubclass(kind, BaseModel):
        return tuple(_leaf(kind, each) for each in _parts(raw, "\n") if not _blank(each))
    return tuple(_groups(kind, raw, place, path, to))


def _groups(kind: Any, raw: Any, place: str, path: str, to: _Notes) -> Iterator[Any]:
    for at, lead, each in _begun_rows(raw, place, path):
        to.paths[at] = lead
        yield _value(kind, each, at, lead, to)


def _rows_of_cells(kind: Any, rows: list[Any], place: str, path: str, to: _Notes) -> Iterator[Any]:
    for n, row in enumerate(rows):
        cells = row.get("cells") if isinstance(row, dict) else row
        handle = row.get(HANDLE, n) if isinstance(row, dict) else n
        to.paths[f"{place}[{n}]"] = f"{path}/{handle}/cells"
        yield tuple(_leaf(_plain(get_args(kind)[0]), each) for each in _parts(cells, ","))


def _parts(raw: Any, between: str | None) -> list[Any]:
    return raw.split(between) if isinstance(raw, str) else raw if isinstance(raw, list) else []


def _plain(kind: Any) -> Any:
    return _plain(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _leaf(kind: Any, raw: Any) -> Any:
    """Return a string, a switch or a number; one that cannot be read is empty, off or 0."""
    if kind is bool:
        return str(raw).strip().casefold() in _SWITCHED_ON
    text = "" if raw is None or isinstance(raw, bool | dict | list) else str(raw).strip()
    if kind is int:
        return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else 0
    return text
