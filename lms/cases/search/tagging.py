"""The tags of cases: as an index keeps them, and in the words of the blueprint."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from lms.program.blueprint import blueprint
from question_bank.searching.facets import Tag
from question_bank.shapes import SLUG

FROM_BODY = {
    "topic": "topic",
    "condition": "condition",
    "population": "population",
    "setting": "setting",
    "tracks": "track",
    "focus": "focus",
}
"""The facets of what a case says of itself, by the names of its fields."""


@cache
def _names() -> dict[str, str]:
    plan = blueprint()
    values = [value for dimension in plan.dimensions for value in dimension.values]
    things: list[Any] = [
        *plan.topics, *plan.approaches, *plan.cognitive_levels, *plan.tracks, *values,
    ]  # fmt: skip
    return {thing.id: thing.name for thing in things}


def tag_name(tag: str) -> str:
    """Return what a tag of the blueprint is called; the tag itself, if it knows none such."""
    return _names().get(tag, tag)


def tags_of(body: dict[str, Any]) -> set[str]:
    """Return the tags of *body*, the JSON of a case or a draft, each as `facet=value`."""
    found = {
        (facet, value) for name, facet in FROM_BODY.items() for value in _slugs(body.get(name))
    }
    plan = blueprint()
    known = {topic.id for topic in plan.topics}
    found |= {
        ("approach", plan.approach_of(value))
        for name, value in found
        if name == "topic" and value in known
    }
    for item in _items(body):
        found |= {("level", level) for level in _slugs(item.get("level") or body.get("level"))}
        found |= {("type", kind) for kind in _slugs(item.get("type"))}
    return {f"{name}={value}" for name, value in found}


@lru_cache(maxsize=16_384)
def read_tags(tags: str) -> frozenset[Tag]:
    """Return the facets and values of what `tags_of` gave, joined by spaces."""
    return frozenset(map(_one, tags.split()))


@lru_cache(maxsize=16_384)
def _one(said: str) -> Tag:
    """Return one of them, the same object each time: thousands are compared with each other."""
    facet, _, value = said.partition("=")
    return facet, value


def _items(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stages = body.get("stages")
    for part in (body, *(stages if isinstance(stages, list) else ())):
        items = part.get("items") if isinstance(part, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                yield item


def _slugs(value: object) -> Iterable[str]:
    """Return what of *value*, a tag or a list of tags, can be one."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and _is_tag(each)]


def _is_tag(text: str) -> bool:
    return len(text) <= 80 and re.fullmatch(f"{SLUG}|[a-z_]+", text) is not None
