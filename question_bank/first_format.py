"""Cases as the first edition wrote them (`format: 1`), read as what a case is today.

Then a case named one level for all its items, said in words of its own how a choice harms, and
carried its own review: two days and a word. A review is an act, no part of what a case says: what
a file says of it has to be well written, and is left behind. The harms of the starter bank are
read as the acts that they name; words of other cases stay as they are. What was stored in this
format stays so, byte for byte, and goes on being read here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, ValidationError, model_validator

from question_bank.complaints import complaints
from question_bank.earlier_words import EARLIER_WORDS
from question_bank.shapes import Key, Shape

UNREAD = "unread"
"""Stands for the level of items whose case names none that can be read."""


def _written_day(value: object) -> object:
    """Refuse what would be read as a number of seconds or days."""
    if not isinstance(value, date | None) and not re.match(r"\d{4}-\d\d-", str(value)):
        raise ValueError("is not a date like 2026-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]


class _Envelope(Shape):
    """All that stood in a case then and does not now."""

    model_config = ConfigDict(extra="ignore")

    level: Key
    reviewed_on: Day
    review_by: Day
    clinical_review: Literal["pending", "signed"]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review_by <= self.reviewed_on:
            raise ValueError("“review_by” comes after “reviewed_on”")
        return self


def is_first(data: object) -> bool:
    """Return whether *data*, as JSON or YAML gives it, says that it is of format 1."""
    return isinstance(data, dict) and type(data.get("format")) is int and data["format"] == 1


def as_second(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return *data* of format 1 in format 2, and what was wrong with what format 2 leaves out.

    Each item takes the level of the case. Whatever else is not as it should be stays as it is, to
    be refused where it stands.
    """
    try:
        level, wrong = _Envelope.model_validate(data).level, []
    except ValidationError as error:
        level, wrong = UNREAD, list(complaints(error))
    kept = {name: value for name, value in data.items() if name not in _Envelope.model_fields}
    kept["format"] = 2
    slug = data.get("slug")
    acts = EARLIER_WORDS.get(slug, {}) if isinstance(slug, str) else {}
    for place, part in _parts(kept):
        part["items"] = [_second(item, level, acts) for item in part["items"]]
        wrong += [
            (f"{place}items[{n}].level", "belongs to the case in format 1")
            for n, item in enumerate(part["items"])
            if isinstance(item, dict) and item["level"] != level
        ]
    return kept, wrong


def _second(item: Any, level: str, acts: Mapping[str, str]) -> Any:
    """Return *item* with its *level*, and its harms by the acts that they are, if known."""
    if not isinstance(item, dict):
        return item
    options = {
        name: [_by_act(each, acts) for each in item[name]]
        for name in ("options", "regions")
        if isinstance(item.get(name), list)
    }
    return {"level": level} | item | options


def _by_act(option: Any, acts: Mapping[str, str]) -> Any:
    words = option.get("harm") if isinstance(option, dict) else None
    return option | {"harm": acts[words]} if isinstance(words, str) and words in acts else option


def _parts(case: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of *case* that has a list of items, copied so that it can be changed."""
    stages = case.get("stages")
    if isinstance(stages, list):
        case["stages"] = stages = [dict(e) if isinstance(e, dict) else e for e in stages]
        parts = [(f"stages[{n}].", each) for n, each in enumerate(stages)]
    else:
        parts = []
    for place, part in [("", case), *parts]:
        if isinstance(part, dict) and isinstance(part.get("items"), list):
            yield place, part
