"""What the editor of a case offers reaches all that a draft may hold, and its hints are true."""

from collections.abc import Iterable

from pydantic import TypeAdapter

from question_bank.case import Case, Stage
from question_bank.drafts import offers, shape
from question_bank.drafts.shape import Group, Leaf, Rows
from question_bank.items import ITEM_TYPES
from question_bank.items.editing import (
    AreaPart,
    CellsPart,
    EditorPart,
    ListPart,
    SwitchPart,
    TagPart,
)
from question_bank.shapes import LeadIn

NAMED_BY_ITSELF = {"slug", "key"}
CHOSEN_APART = {"type"}
KEYED_BY_A_PANEL = {"panel"}


def check(parts: Iterable[EditorPart], group: Group, besides: set[str]) -> None:
    """Check that *parts* offer every leaf of *group*, as the kind of leaf that it is."""
    listed = list(parts)
    assert {part.name.split("/")[0] for part in listed} == set(group.fields) - besides
    for part in listed:
        kind: shape.Kind = group
        for name in part.name.split("/"):
            assert isinstance(kind, Group)
            kind = kind.fields[name]
        if isinstance(part, ListPart):
            assert isinstance(kind, Rows)
            if part.name != "items":
                check(part.of, kind.of, NAMED_BY_ITSELF if part.name == "exhibits" else set())
        else:
            assert kind is leaf_of(part)


def leaf_of(part: EditorPart) -> Leaf:
    kinds = {
        SwitchPart: Leaf.SWITCH,
        TagPart: Leaf.TAGS,
        CellsPart: Leaf.CELLS,
        AreaPart: Leaf.CORNERS,
    }
    return kinds.get(type(part), Leaf.TEXT)  # type: ignore[arg-type]


def test_the_editor_of_a_case_offers_every_leaf_of_a_draft() -> None:
    check(offers.CASE, shape.CASE, NAMED_BY_ITSELF)


def test_an_item_of_each_type_is_offered_every_leaf_of_a_draft() -> None:
    stages = shape.CASE.fields["stages"]
    assert isinstance(stages, Rows)
    items = stages.of.fields["items"]
    assert isinstance(items, Rows)
    for kind in ITEM_TYPES:
        parts = (*offers.ITEM, *kind.editor(), *offers.ITEM_END)
        besides = NAMED_BY_ITSELF | CHOSEN_APART | KEYED_BY_A_PANEL
        check(parts, items.of.by_type[kind.type_name()], besides)


def test_lists_are_as_long_as_the_format_has_them() -> None:
    bounds = {
        (Stage, "exhibits"): (0, offers.EXHIBITS.most),
        (Case, "stages"): (0, offers.STAGES.most),
        (Case, "references"): (offers.REFERENCES.fewest, None),
    }
    for (model, name), (fewest, most) in bounds.items():
        known = model.model_fields[name].metadata
        lengths = [getattr(each, "max_length", None) for each in known]
        assert [each for each in lengths if each] == ([most] if most else [])
        lengths = [getattr(each, "min_length", None) for each in known]
        assert [each for each in lengths if each] == ([fewest] if fewest else [])


def test_a_lead_in_to_begin_with_is_one_that_the_format_takes() -> None:
    for starter in offers.STARTERS:
        assert TypeAdapter(LeadIn).validate_python(starter) == starter
