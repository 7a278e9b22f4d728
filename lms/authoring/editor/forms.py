"""The form of a draft, made of what a case and its item types offer their editor."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.fields.core import UnboundField

from lms.authoring.editor.fields import (
    Cells,
    FieldGroup,
    FormOf,
    Line,
    Lines,
    Listed,
    Lists,
    Prose,
    RowList,
    Switch,
    Ticks,
)
from lms.authoring.editor.kinds import KINDS, known_kind
from question_bank.drafts.offers import CASE, ITEM, ITEM_END, WAIVERS
from question_bank.items.editing import (
    CellsPart,
    ChoicePart,
    EditorPart,
    ListPart,
    SwitchPart,
    TagPart,
    TextPart,
)

BY_HAND = {"siblings"}
"""Lists that are too long to be chosen from: a value is typed."""


WRITTEN = tuple(part for part in CASE if part != WAIVERS)
"""What the form has of a case: advice that is kept is kept beside the advice."""


def draft_form(body: Mapping[str, Any], lists: Lists, sent: Any = None) -> FieldGroup:
    """Return the form of the draft *body*; *sent*: what was sent with it, if anything was."""
    return _form_of(WRITTEN, lists)(body, sent, "")


def kind_of(given: Mapping[str, Any], sent: Any, prefix: str) -> str:
    """Return the type of an item, as the draft has it, or as it was sent of a new one."""
    return known_kind(given.get("type") or (sent.get(f"{prefix}type") if sent else None))


def _form_of(parts: Sequence[EditorPart], lists: Lists) -> FormOf:
    def form(given: Mapping[str, Any], sent: Any, prefix: str) -> FieldGroup:
        fields = {part.name: _field(part, lists) for part in parts}
        return FieldGroup(fields, given, sent, prefix)

    return form


def _items_form(lists: Lists) -> FormOf:
    def form(given: Mapping[str, Any], sent: Any, prefix: str) -> FieldGroup:
        kind = kind_of(given, sent, prefix)
        parts = (*ITEM, *KINDS[kind].editor(), *ITEM_END)
        return _form_of(parts, lists)({"type": kind, **given}, sent, prefix)

    return form


def _field(part: EditorPart, lists: Lists) -> UnboundField:
    """Return the field for *part*; a part of another kind is one line."""
    among = getattr(part, "among", None)
    if isinstance(part, ChoicePart) and among not in BY_HAND:
        return Listed(part, lists[among] if among else part.choices)
    if isinstance(part, TagPart) and among:
        return Ticks(part, lists[among])
    if isinstance(part, ListPart):
        items = part.name == "items"
        return RowList(part, _items_form(lists) if items else _form_of(part.of, lists))
    return next((kind(part) for of, kind in _SIMPLE.items() if isinstance(part, of)), Line(part))


_SIMPLE = {TextPart: Prose, SwitchPart: Switch, TagPart: Lines, CellsPart: Cells}
"""The fields of parts that need to know nothing more."""
