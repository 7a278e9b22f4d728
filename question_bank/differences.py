"""What one version of a case says otherwise than another, place by place, in words.

A place is said as people say it: "Item 1, option B, reason". Items and exhibits are told apart by
their keys; options, steps and other entries by what they say, so that one that was moved or mended
is compared with itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from question_bank.case import Case, case_to_json
from question_bank.places import as_place, entry, word

Json = dict[str, Any]

CALLED = "#"
"""Where an item or a stage has its name, while it is compared."""

ALIKE = 0.4
"""Share of their signs that two entries have in common, from which they are taken for the same."""

COMPARED = 200
"""Signs of an entry that are compared to find its counterpart."""


@dataclass(frozen=True)
class Difference:
    """What stands at a place, before and after. None: nothing stood there, or does not any more."""

    place: str
    before: str | None
    after: str | None


def differences(before: Case, after: Case) -> tuple[Difference, ...]:
    """Return all that *after* says otherwise than *before*, in the order of the case."""
    return tuple(_between(_Place(), _whole(before), _whole(after)))


_ORDER = ("title", "decision", "stages", "takeaway", "references")
"""What comes first; tags and the like follow."""

_SILENT = {"format", "slug", "type", CALLED}

_PLAIN = {"accents_matter", "credit", "level", "points", "shuffle"}
"""What is not said of an entry that is new or gone as a whole."""


def _whole(case: Case) -> Json:
    """Return *case* as JSON in the order of reading, always in stages, its items numbered."""
    said = case_to_json(case)
    if not case.unfolds:
        said["stages"] = [
            {"text": said.pop("vignette"), "exhibits": said.pop("exhibits"), "items": said["items"]}
        ]
    said.pop("items", None)
    numbers = {item.key: number for number, item in enumerate(case.questions, 1)}
    for number, stage in enumerate(said["stages"], 1):
        stage[CALLED] = f"Stage {number}" if case.unfolds else ""
        for item in stage["items"]:
            item[CALLED] = f"Item {numbers[item['key']]}"
    first = {name: said[name] for name in _ORDER if name in said}
    return first | {name: value for name, value in said.items() if name not in first}


@dataclass(frozen=True)
class _Place:
    parts: tuple[str, ...] = ()

    @property
    def gone(self) -> bool:
        return any(part.endswith(" before") for part in self.parts)

    def at(self, part: str) -> "_Place":
        return _Place((*self.parts, part)) if part else self

    def __str__(self) -> str:
        return as_place(self.parts)


_BY_KEY = {"exhibits", "items"}
_IN_ORDER = {"items", "options", "stages", "steps"}
"""Lists whose order a reader sees."""


def _between(place: _Place, before: Json, after: Json) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was == now or name in _SILENT or (not (before and after) and name in _PLAIN):
            continue
        if _is_group(was) or _is_group(now):
            yield from _groups(place, name, was or [], now or [])
        elif isinstance(was, dict) or isinstance(now, dict):
            yield from _between(place.at(word(name)), was or {}, now or {})
        else:
            old, new = (_said(_of_key(each, name)) for each in (before, after))
            said = Difference(str(place.at(word(name))), old, new)
            if said.before != said.after:
                yield said


def _of_key(entry: Json, name: str) -> object:
    """Return what *entry* has under *name*; that it is the key is said by its own words."""
    value = entry.get(name)
    return (_gist(entry) or value) if name == "key" and value is True else value


def _is_group(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _groups(
    place: _Place, name: str, before: Sequence[Json], after: Sequence[Json]
) -> Iterator[Difference]:
    pairs = _matched(name, before, after)
    kept = [was for was, _ in pairs if was is not None and (was, None) not in pairs]
    if name in _IN_ORDER and kept != sorted(kept):
        yield Difference(str(place.at(f"order of the {name}")), _in_a_row(before), _in_a_row(after))
    for was, now in pairs:
        around = _Place() if name == "items" else place
        there = around.at(_named(place, name, before, after, was, now))
        old, new = (_entry(name, e, n) for e, n in ((before, was), (after, now)))
        yield from _between(there, old, new)


def _entry(name: str, entries: Sequence[Json], number: int | None) -> Json:
    if number is None:
        return {}
    hidden = {"key"} if name in _BY_KEY else set()
    return {field: value for field, value in entries[number].items() if field not in hidden}


def _named(
    place: _Place,
    name: str,
    before: Sequence[Json],
    after: Sequence[Json],
    was: int | None,
    now: int | None,
) -> str:
    entries, number = (after, now) if now is not None else (before, was or 0)
    gone = " before" if now is None and not place.gone else ""
    said = entries[number].get(CALLED, entry(name, number))
    return f"{said}{gone}" if said else ""


def _matched(
    name: str, before: Sequence[Json], after: Sequence[Json]
) -> list[tuple[int | None, int | None]]:
    """Return which entry *before* is which one *after*, by their places; None: none is."""
    alike: list[Callable[[Json, Json], float]] = [_same_key] if name in _BY_KEY else [_same, _like]
    if name == "stages":
        alike = []
    found: dict[int, int] = {}
    for measure in alike:
        _pair(found, before, after, measure)
    if name not in _BY_KEY:
        free = [n for n in range(len(before)) if n not in found.values()]
        rest = [n for n in range(len(after)) if n not in found]
        found |= dict(zip(rest, free, strict=False))
    gone = [n for n in range(len(before)) if n not in found.values()]
    return [*((found.get(n), n) for n in range(len(after))), *((n, None) for n in gone)]


def _pair(
    found: dict[int, int],
    before: Sequence[Json],
    after: Sequence[Json],
    measure: Callable[[Json, Json], float],
) -> None:
    for place, each in enumerate(after):
        free = [n for n in range(len(before)) if n not in found.values()]
        if place in found or not free:
            continue
        best = max(free, key=lambda n: measure(before[n], each))
        if measure(before[best], each) >= ALIKE:
            found[place] = best


def _same_key(before: Json, after: Json) -> float:
    return float(before.get("key") == after.get("key"))


def _gist(entry: Json) -> str:
    names = ("text", "left", "title", "name", "value", "rule", "polygon")
    return next((_said(entry[name]) or "" for name in names if name in entry), "")[:COMPARED]


def _same(before: Json, after: Json) -> float:
    return float(_gist(before) == _gist(after))


def _like(before: Json, after: Json) -> float:
    return SequenceMatcher(None, _gist(before), _gist(after), autojunk=False).ratio()


def _in_a_row(entries: Sequence[Json]) -> str:
    return "; ".join(str(entry.get("lead_in") or _gist(entry)) for entry in entries)


def _said(value: object) -> str | None:
    if value is None or value is False:
        return None
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list):
        rows = any(isinstance(each, list) for each in value)
        return ("\n" if rows else ", ").join(
            " | ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value
        )
    return str(value)
