"""What the body of a draft may hold, and where: the fields of the format, as they are typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from question_bank.case import Case, Stage
from question_bank.items import ITEM_TYPES


class Leaf(Enum):
    """What stands at the end of a path.

    TEXT is words, numbers and dates as typed; SWITCH a yes or no; TAGS several texts; CELLS
    several of which an empty one counts; CORNERS an area, like `0,0 90,0 90,60`.
    """

    TEXT = "text"
    SWITCH = "switch"
    TAGS = "tags"
    CELLS = "cells"
    CORNERS = "corners"


@dataclass(frozen=True)
class Group:
    """Fields by name. `by_type`: those of an item of each type, where the group is an item."""

    fields: "Mapping[str, Kind]"
    by_type: "Mapping[str, Group]" = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """A list of groups."""

    of: Group


Kind = Leaf | Group | Rows

_COUNTED = {"columns", "counts"}
"""Lists of texts whose places mean something."""

_TABLE_ROW = Group({"cells": Leaf.CELLS})


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """Return what a value may be, None aside."""
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return tuple(inner for each in get_args(annotation) for inner in _alternatives(each))
    return () if annotation is NoneType else (annotation,)


def _kind(name: str, annotation: Any) -> Kind:
    parts = _alternatives(annotation)
    if _are_models(parts):
        return _group(parts)
    if parts[0] in (bool, Literal[True]):
        return Leaf.SWITCH
    if get_origin(parts[0]) is tuple:
        return _list(name, _alternatives(get_args(parts[0])[0]))
    return Leaf.TEXT


def _list(name: str, inner: tuple[Any, ...]) -> Kind:
    if _are_models(inner):
        return Rows(_group(inner))
    if get_origin(inner[0]) is tuple:
        in_words = _alternatives(get_args(inner[0])[0]) == (str,)
        return Rows(_TABLE_ROW) if in_words else Leaf.CORNERS
    return Leaf.CELLS if name in _COUNTED else Leaf.TAGS


def _are_models(parts: Iterable[Any]) -> bool:
    return all(isinstance(each, type) and issubclass(each, BaseModel) for each in parts)


def _group(models: Iterable[type[BaseModel]]) -> Group:
    """Return the fields that any of *models* has; items keep those of their types apart."""
    all_fields: dict[str, Kind] = {}
    by_type: dict[str, Group] = {}
    for model in models:
        own = {name: _kind(name, each.annotation) for name, each in model.model_fields.items()}
        all_fields = _united(all_fields, own)
        if model in ITEM_TYPES:
            by_type[model.type_name()] = Group(own)
    return Group(all_fields, by_type)


def _united(one: Mapping[str, Kind], other: Mapping[str, Kind]) -> dict[str, Kind]:
    united = dict(one)
    for name, kind in other.items():
        united[name] = _both(united.get(name), kind)
    return united


def _both(one: Kind | None, other: Kind) -> Kind:
    if isinstance(one, Rows) and isinstance(other, Rows):
        return Rows(Group(_united(one.of.fields, other.of.fields), one.of.by_type))
    return other


def _case() -> Group:
    """Return the fields of a case: what it says stands in stages, also if it is only one."""
    fields = _group([Case]).fields
    in_stages = {"format", *Stage.model_fields, "vignette"} - {"title"}
    return Group({name: kind for name, kind in fields.items() if name not in in_stages})


CASE = _case()
"""The whole body."""
