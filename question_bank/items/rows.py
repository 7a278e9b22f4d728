"""Answers that choose one option in each of several rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from question_bank.items.answers import InvalidResponse, Json, fields_of, index_of
from question_bank.items.base import ReviewLine
from question_bank.items.shown import Controls, Fields, ItemForFellow, place


@dataclass(frozen=True, kw_only=True)
class RowsForFellow(ItemForFellow):
    """The options, and the rows to choose one for: a control each, `row.0` on."""

    rows: tuple[str, ...]

    def read_controls(self, fields: Fields) -> dict[str, Json] | None:
        """Return the JSON that the controls of the rows stand for; None: all are open."""
        chosen = [
            [value for value in fields.get(f"row.{row}", ()) if value]
            for row in range(len(self.rows))
        ]
        picks = [place(values[0]) if values else None for values in chosen]
        return None if not any(chosen) else {"picks": picks}

    def _controls(self, raw: Mapping[str, Any]) -> Controls:
        picks = enumerate(raw.get("picks", []))
        return {f"row.{row}": [str(pick)] for row, pick in picks if pick is not None}


@dataclass(frozen=True)
class Picks:
    """The option chosen in each row, by its authored zero-based index; None: left open."""

    indices: tuple[int | None, ...]

    def to_json(self) -> dict[str, object]:
        """Return what `parse_picks` reads."""
        return {"picks": list(self.indices)}


def parse_picks(raw: object, rows: int, options: Sequence[object]) -> Picks | None:
    """Return the answer in *raw*, `{"picks": [index or null, …]}`; None: all rows are open.

    Raises:
        InvalidResponse: another number of rows, or something that is not among *options*.
    """
    picks = fields_of(raw, "picks").get("picks")
    if picks is None:
        return None
    if not isinstance(picks, list) or len(picks) != rows:
        raise InvalidResponse("Choose one of the options shown in each row.")
    indices = tuple(None if each is None else index_of(each, len(options)) for each in picks)
    return None if all(index is None for index in indices) else Picks(indices)


def share_right(picks: Picks, keys: Sequence[int]) -> Fraction:
    """Return the share of rows in which the key is chosen."""
    return Fraction(count_right(picks, keys), len(keys))


def count_right(picks: Picks, keys: Sequence[int]) -> int:
    """Return in how many rows the key is chosen."""
    return sum(pick == key for pick, key in zip(picks.indices, keys, strict=True))


def row_lines(
    rows: Iterable[tuple[str, str]],
    keys: Sequence[int],
    options: Sequence[str],
    picks: Picks | None,
) -> tuple[ReviewLine, ...]:
    """Return a line for each of *rows* (its text and its reason), with the key and the pick."""
    chosen = picks.indices if picks else (None,) * len(keys)
    return tuple(
        ReviewLine(
            text,
            why,
            is_key=pick == key,
            chosen=pick is not None,
            best=options[key],
            given=None if pick is None else options[pick],
        )
        for (text, why), key, pick in zip(rows, keys, chosen, strict=True)
    )
