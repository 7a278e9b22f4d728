"""Answers that choose among options: one of them, or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from question_bank.items.answers import InvalidResponse, Json, fields_of, index_of
from question_bank.items.shown import Controls, Fields, ItemForFellow, place


@dataclass(frozen=True)
class Choice:
    """The option chosen, by its authored zero-based index."""

    index: int

    def to_json(self) -> dict[str, object]:
        """Return what `parse_choice` reads."""
        return {"chosen": self.index}


@dataclass(frozen=True)
class Choices:
    """The options chosen, by their authored zero-based indices; at least one."""

    indices: frozenset[int]

    def to_json(self) -> dict[str, object]:
        """Return what `parse_choices` reads."""
        return {"chosen": sorted(self.indices)}


def parse_choice(raw: object, options: Sequence[object]) -> Choice | None:
    """Return the answer in *raw*, `{"chosen": index}`, or None if nothing is chosen.

    Raises:
        InvalidResponse: *raw* is not one of *options*.
    """
    chosen = fields_of(raw, "chosen").get("chosen")
    return None if chosen is None else Choice(index_of(chosen, len(options)))


def parse_choices(raw: object, options: Sequence[object]) -> Choices | None:
    """Return the answer in *raw*, `{"chosen": [index, …]}`, or None if nothing is chosen.

    Raises:
        InvalidResponse: *raw* names something that is not among *options*.
    """
    chosen = fields_of(raw, "chosen").get("chosen")
    if chosen is None:
        return None
    if not isinstance(chosen, list):
        raise InvalidResponse("Choose among the options shown.")
    indices = frozenset(index_of(index, len(options)) for index in chosen)
    return Choices(indices) if indices else None


@dataclass(frozen=True, kw_only=True)
class ChoiceForFellow(ItemForFellow):
    """Radio buttons, one an option."""

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON that the buttons stand for; None: none is chosen."""
        chosen = _chosen_places(fields)
        if not chosen:
            return None
        return {"chosen": chosen[0] if len(chosen) == 1 else chosen}

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        return _as_chosen(raw)


@dataclass(frozen=True, kw_only=True)
class ChoicesForFellow(ItemForFellow):
    """Check boxes, one an option."""

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON that the boxes stand for; None: none is ticked."""
        chosen = _chosen_places(fields)
        return {"chosen": chosen} if chosen else None

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        return _as_chosen(raw)


def _chosen_places(fields: Fields) -> list[int | str]:
    return [place(value) for value in fields.get("answer", ()) if value]


def _as_chosen(raw: Mapping[str, Any]) -> Controls:
    chosen = raw.get("chosen", [])
    places = chosen if isinstance(chosen, list) else [chosen]
    return {"answer": sorted(map(str, places), key=lambda each: (len(each), each))}
