"""The places of a case where words stand: "Reason, item 1", each with its text.

They are read from JSON, that of a case or of a draft that is not one yet, so that what does not
fit is passed over and nothing raises. A field of which nothing is known here belongs to its item.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_PLACE = 20_000
"""Characters of a place that are kept."""

MOST_TEXT = 150_000
"""Characters of all places together that are kept; PostgreSQL indexes no more than 1 MB a row."""

TITLE, TAGS = "Title", "Tags"

OPEN = frozenset((TITLE, TAGS))
"""Places that tell no key: whoever may see that there is the case may read them."""

_TAGS = ("topic", "tracks", "focus", "condition", "population", "setting")

_OF_ITEM = {
    "why": "Reason",
    "text": "Option",
    "left": "Option",
    "right": "Option",
    "rubric": "Rubric",
    "levels": "Rubric",
    "model_answer": "Model answer",
    "misconception": "Misconception",
    "covered_answer": "Answer",
    "answer": "Answer",
    "accept": "Answer",
    "harm": "Harm",
}
_NO_WORDS = {"#", "key", "type", "level", "mode", "scale", "image", "polygon", "points", "panel"}
_MARKUP = re.compile(r"[*_`#|>]+|:?-{3,}:?")


@dataclass(frozen=True)
class Place:
    """A place of a case, as a hit names it, and what it says, without Markdown."""

    name: str
    text: str


Named = Callable[[str], str]
"""Says the words of an id: of a tag of the blueprint, or of a fact."""


def places_of(body: object, *, tag_name: Named, fact_said: Named) -> list[Place]:
    """Return the places of *body* that have words, in the order of a reader; title and tags last.

    Args:
        body: The JSON of a case or a draft, or whatever was stored as such.
        tag_name: What a tag is called; the id itself, if nothing is known of it.
        fact_said: What a fact says; empty, if nothing is known of it.
    """
    data = body if isinstance(body, dict) else {}
    kept: list[Place] = []
    left = MOST_TEXT
    for name, text in (*_open(data, tag_name), *_spoken(data), *_facts(data, fact_said)):
        plain = " ".join(_MARKUP.sub(" ", text[:LONGEST_PLACE]).split())[:left]
        if plain:
            kept.append(Place(name, plain))
            left -= len(plain)
    return sorted(kept, key=lambda place: place.name in OPEN)


def _spoken(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("Decision", text) for text in _texts(data.get("decision")))
    stages = _dicts(data.get("stages"))
    number = 0
    for place, stage in enumerate(stages or [data], 1):
        story = f"Story, stage {place}" if len(stages) > 1 else "Story"
        for name in ("title", "text") if stages else ("vignette",):
            yield from ((story, text) for text in _texts(stage.get(name)))
        yield from (("Exhibit", text) for text in _texts(stage.get("exhibits")))
        for item in _dicts(stage.get("items")):
            number += 1
            yield from _of_item(item, number)
    for name, called in (("takeaway", "Takeaway"), ("references", "Source")):
        yield from ((called, text) for text in _texts(data.get(name)))


def _of_item(item: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
    """Yield the places of an item, the question first."""
    for text in _texts(item.get("lead_in")):
        yield f"Item {number}", text
    for name, value in item.items():
        if name != "lead_in":
            yield from _inside(name, value, _called(name, "Item"), number)


def _called(name: str, inherited: str) -> str:
    return inherited if inherited == "Rubric" else _OF_ITEM.get(name, inherited)


def _inside(name: str, value: Any, called: str, number: int) -> Iterator[tuple[str, str]]:
    if name in _NO_WORDS:
        return
    if isinstance(value, dict):
        for inner, part in value.items():
            yield from _inside(str(inner), part, _called(str(inner), called), number)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _inside(name, part, called, number)
    elif isinstance(value, str):
        yield (f"Item {number}" if called == "Item" else f"{called}, item {number}"), value


def _facts(data: dict[str, Any], said: Named) -> Iterator[tuple[str, str]]:
    for fact in _texts(data.get("facts")):
        yield "Fact", f"{fact}: {said(fact)}"


def _open(data: dict[str, Any], tag_name: Named) -> Iterator[tuple[str, str]]:
    yield from ((TITLE, text) for text in _texts(data.get("title")))
    tags = [tag for name in _TAGS for tag in _texts(data.get(name))]
    slug = [*_texts(data.get("slug"))]
    yield TAGS, ", ".join([*(tag_name(tag) for tag in tags), *slug])


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> Iterable[str]:
    """Yield every text in *value*, however deep, but handles and keys; no database keeps a NUL."""
    if isinstance(value, str):
        yield value.replace("\0", " ")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from () if name in _NO_WORDS else _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
