"""Items as they are shown while they are answered, and the controls that hold an answer."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from question_bank.items.answers import Json

Fields = Mapping[str, Sequence[str]]
"""What the controls of an item hold: each control's name, and its values in the page's order."""

Controls = dict[str, list[str]]
"""The controls of an item as they stand; those that hold nothing are left out."""


class Common(TypedDict):
    """What every item shows, as keywords of `ItemForFellow`."""

    key: str
    type: str
    lead_in: str
    points: int


@dataclass(frozen=True, kw_only=True)
class ItemForFellow(ABC):
    """An item as it may be shown while it is answered: it has no place for a key or a reason.

    `options` are what an answer names by index; `shuffle`: they have no order of their own.
    `selected`: the answer is chosen, so that it makes sense to ask how sure it is.
    Kinds of answers have their own controls, and item types add what else they show.
    """

    key: str
    type: str
    lead_in: str
    points: int
    hint: str = ""
    options: tuple[str, ...] = ()
    shuffle: bool = False
    selected: bool = False

    @abstractmethod
    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON of the answer that the controls hold, in places as shown.

        None: blank. Whether the item offers such an answer is not looked at here.
        """

    def controls_of(self, raw: Mapping[str, Json] | None) -> Controls:
        """Return the controls as they stand for *raw*, in places as shown."""
        return self._controls(raw) if raw else {}

    @abstractmethod
    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        """Return the controls as they stand for *raw*, which is not blank."""


@dataclass(frozen=True, kw_only=True)
class TextForFellow(ItemForFellow):
    """One control to write in."""

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON of what the control holds; None: it is empty."""
        text = first_of(fields, "answer").strip()
        return {"text": text} if text else None

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        return {"answer": [str(raw.get("text", ""))]}


def first_of(fields: Fields, name: str) -> str:
    """Return the first value of the control *name*; empty: there is none."""
    return "".join(fields.get(name, ())[:1])


def place(value: str) -> int | str:
    """Return the number that a control's *value* is; other text as it is, to be refused."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else value
