"""What each item type offers its editor reaches all that the format has, and nothing else."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from question_bank.items import ITEM_TYPES, AnyItem
from question_bank.items.base import Option
from question_bank.items.editing import AreaPart, ChoicePart, EditorPart, ListPart, SwitchPart
from tests.question_bank.kinds import KINDS

EVERY_TYPE = pytest.mark.parametrize("kind", ITEM_TYPES, ids=lambda kind: kind.type_name())

OF_EVERY_ITEM = {"key", "type", "level", "lead_in", "points"}
KEYED_BY_A_PANEL = {"panel"}


def rows_of(kind: type[BaseModel], name: str) -> type[BaseModel]:
    """Return the model of the rows that the list *name* of *kind* has."""
    (row, _) = kind.model_fields[name].annotation.__args__  # type: ignore[union-attr]
    found: type[BaseModel] = row
    return found


def parts_within(parts: Iterable[EditorPart]) -> Iterator[EditorPart]:
    for part in parts:
        yield part
        if isinstance(part, ListPart):
            yield from parts_within(part.of)


def check(parts: tuple[EditorPart, ...], kind: type[BaseModel], besides: set[str]) -> None:
    """Check that *parts* are the fields of *kind*, each once, and the same within its lists."""
    names = [part.name.split("/")[0] for part in parts]
    assert set(names) == set(kind.model_fields) - besides
    assert len({part.name for part in parts}) == len(parts)
    for part in parts:
        if isinstance(part, ListPart):
            check(part.of, rows_of(kind, part.name), set())


@EVERY_TYPE
def test_the_editor_of_a_type_offers_every_field_that_it_has(kind: type[AnyItem]) -> None:
    check(kind.editor(), kind, OF_EVERY_ITEM | KEYED_BY_A_PANEL)


def bounds_of(kind: type[BaseModel], name: str) -> tuple[int, int]:
    field = kind.model_fields[name].metadata
    fewest = next((each.min_length for each in field if hasattr(each, "min_length")), 0)
    return fewest, next(each.max_length for each in field if hasattr(each, "max_length"))


def lists_of(
    parts: Iterable[EditorPart], kind: type[BaseModel]
) -> Iterator[tuple[ListPart, type[BaseModel]]]:
    for part in parts:
        if isinstance(part, ListPart):
            yield part, kind
            yield from lists_of(part.of, rows_of(kind, part.name))


@EVERY_TYPE
def test_a_list_has_as_many_rows_as_the_format_takes(kind: type[AnyItem]) -> None:
    for part, owner in lists_of(kind.editor(), kind):
        assert (part.fewest, part.most) == bounds_of(owner, part.name), part.name
        assert part.one


@EVERY_TYPE
def test_a_choice_is_among_what_the_format_takes(kind: type[AnyItem]) -> None:
    for part in kind.editor():
        if isinstance(part, ChoicePart):
            taken: Any = kind.model_fields[part.name].annotation
            assert [value for value, _ in part.choices] == list(taken.__args__)
            assert all(label for _, label in part.choices)


@EVERY_TYPE
def test_every_part_says_what_it_is(kind: type[AnyItem]) -> None:
    parts = list(parts_within(kind.editor()))

    assert parts
    assert all(part.label and "|" not in part.label for part in parts)


@EVERY_TYPE
def test_harm_is_asked_of_options_and_only_one_can_be_best_where_one_is(
    kind: type[AnyItem],
) -> None:
    for part, owner in lists_of(kind.editor(), kind):
        names = {each.name: each for each in part.of}
        assert ("harm" in names) is issubclass(rows_of(owner, part.name), Option)
        if isinstance(names.get("key"), SwitchPart):
            alone = kind.type_name() in ("single_best_answer", "hotspot")
            assert names["key"].alone is alone  # type: ignore[union-attr]


def test_an_area_lies_on_a_picture_of_its_item() -> None:
    for item in KINDS:
        parts = type(item).editor()
        for part in parts_within(parts):
            if isinstance(part, AreaPart):
                assert part.image in {each.name for each in parts}
