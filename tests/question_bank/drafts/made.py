"""Cases, bodies and changes of them, as chance makes them."""

import json
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st

from question_bank.case import Case, InvalidCase, case_to_json, parse_case
from question_bank.drafts.bodies import HANDLE, Body, taken
from question_bank.drafts.opening import draft_of
from question_bank.drafts.paths import ORDER, flatten, unflatten
from question_bank.formats.native import read_case
from tests.question_bank.builders import JSON, case_files
from tests.question_bank.kinds import CASE, KINDS

FEW = settings(max_examples=max(10, settings.default.max_examples // 8))  # of big bodies

SHIPPED = [read_case(path.read_text(encoding="utf-8"), path.name) for path in case_files()]

SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
WORDS = st.text(SIGNS, min_size=1, max_size=40).filter(lambda text: text.strip() == text)

FREE = {"alt", "idea", "finding", "covered_answer", "misconception", "caption", "text", "name"}
"""Fields of items that may say anything, but for options that are about others."""


def _other_words(part: Any, words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return *part* of an item with other words in some of its free fields."""
    if isinstance(part, list):
        return st.tuples(*(_other_words(each, words) for each in part)).map(list)
    if not isinstance(part, dict):
        return st.just(part)
    return st.fixed_dictionaries({
        name: st.just(value) | words
        if name in FREE and isinstance(value, str)
        else _other_words(value, words)
        for name, value in part.items()
    })  # fmt: skip


def _items() -> st.SearchStrategy[list[dict[str, Any]]]:
    every = [item.model_dump(mode="json", exclude_none=True) for item in KINDS]
    some = st.lists(st.sampled_from(every), min_size=1, max_size=3, unique_by=lambda i: i["key"])
    return some.flatmap(lambda items: st.tuples(*(_other_words(i, WORDS) for i in items))).map(list)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a case with items of any types, at once or in stages, with words of chance."""
    stages = draw(st.lists(st.tuples(WORDS, WORDS, _items()), min_size=1, max_size=3))
    parts = [
        {"title": title, "text": text, "items": _own_keys(items, n)}
        for n, (title, text, items) in enumerate(stages)
    ]
    exhibits = case_to_json(CASE)["stages"][0]["exhibits"]
    parts[-1]["exhibits"] = draw(st.lists(st.sampled_from(exhibits), unique_by=lambda e: e["key"]))
    said = {name: value for name, value in case_to_json(CASE).items() if name != "stages"}
    said |= draw(st.fixed_dictionaries({"title": WORDS, "takeaway": WORDS}))
    said |= draw(st.just({}) | st.fixed_dictionaries({"decision": WORDS}))
    if len(parts) > 1:
        said["stages"] = parts
    else:
        said |= {"vignette": parts[0]["text"], "items": parts[0]["items"]}
        said |= {"exhibits": parts[0]["exhibits"]}
    try:
        return parse_case(said)
    except InvalidCase:
        assume(False)
        raise


def _own_keys(items: list[dict[str, Any]], stage: int) -> list[dict[str, Any]]:
    return [item | {"key": f"{item['key']}-{stage}"} for item in items]


BODIES = st.sampled_from([*SHIPPED, CASE]).map(draft_of) | cases().map(draft_of)

LEAVES = JSON | st.lists(st.text(max_size=8), max_size=4) | st.sampled_from(["o1", "i1", "7", ""])


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Return the body of a draft with any JSON in some places, as a browser may send it."""
    body = json.loads(json.dumps(draw(BODIES)))
    for _ in range(draw(st.integers(0, 4))):
        part, name = draw(st.sampled_from(_places(body)))
        if name in (range(len(part)) if isinstance(part, list) else part):
            part[name] = draw(LEAVES)
    return body


def _places(part: Any) -> list[tuple[Any, Any]]:
    inner = list(part.items()) if isinstance(part, dict) else list(enumerate(part))
    found = [(part, name) for name, _ in inner]
    for _, value in inner:
        if isinstance(value, dict | list):
            found += _places(value)
    return found


@st.composite
def edited(draw: st.DrawFn, body: Body) -> Body:
    """Return *body* after some edits of the kinds that an editor makes."""
    for _ in range(draw(st.integers(0, 4))):
        leaves = flatten(body)
        orders = [path for path in leaves if path.endswith(f"/{ORDER}")]
        texts = [path for path, leaf in leaves.items() if isinstance(leaf, str)]
        match draw(st.sampled_from(["write", "write", "move", "remove", "add"])):
            case "write" if texts:
                leaves[draw(st.sampled_from(texts))] = draw(WORDS)
            case "move" if orders:
                path = draw(st.sampled_from(orders))
                leaves[path] = draw(st.permutations(leaves[path]))
            case "remove" if orders:
                path = draw(st.sampled_from(orders))
                gone = f"{path.removesuffix(ORDER)}{draw(st.sampled_from(leaves[path]))}"
                inside = (gone, f"{gone}/")
                leaves[path] = [each for each in leaves[path] if not gone.endswith(f"/{each}")]
                leaves = {p: v for p, v in leaves.items() if not f"{p}/".startswith(inside[1])}
            case "add" if orders:
                path = draw(st.sampled_from(orders))
                handle = draw(st.text("xyz0123456789", min_size=6, max_size=8))
                leaves[path] = [*leaves[path], handle]
                leaves[f"{path.removesuffix(ORDER)}{handle}/text"] = draw(WORDS)
        body = unflatten(leaves)
    return body


def handles_of(part: Any) -> list[str]:
    """Return every handle in *part* of a body."""
    if isinstance(part, list):
        return [handle for each in part for handle in handles_of(each)]
    if not isinstance(part, dict):
        return []
    own = [part[HANDLE]] if HANDLE in part else []
    return own + [handle for value in part.values() for handle in handles_of(value)]


def strings_only(body: Body) -> Body:
    """Return *body* as a form would send it: an empty text for what is missing."""
    sent = json.loads(json.dumps(body))
    for stage in sent.get("stages", []):
        stage.setdefault("title", "")
        for item in stage.get("items", []):
            item.setdefault("unit", "")
            item.setdefault("tolerance", {}).setdefault("relative", "")
    return taken(sent).body
