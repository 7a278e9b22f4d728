"""An item of every type, each with the secrets it keeps; and a case that unfolds."""

from collections.abc import Iterator
from typing import Any

from tests.attempts.factories import (
    ALL_KINDS,
    SECRET,
    case_body,
    choice_item,
    number_item,
    words_item,
)

DRAWING = "knee-front.svg"
"""A drawing of the bank."""


def why(text: str) -> str:
    """Return a reason that only the result may show."""
    return f"{text} {SECRET} " + "reason " * 12


def themed_item(key: str = "which-nerve") -> dict[str, Any]:
    """Return an extended-matching item: the second option for both stems."""
    options = ("Femoral", "Sciatic", "Tibial", "Ulnar", "Median", "Radial")
    return {
        "key": key,
        "type": "extended_matching",
        "lead_in": f"For each person in {key}, which nerve is it?",
        "theme": "Nerves of the limbs",
        "options": [{"text": text, "why": why(f"Fits {text}")} for text in options],
        "stems": [
            {"text": f"A man with {what}.", "key": "Sciatic", "why": why(f"Stem {what}")}
            for what in ("a foot drop", "a numb sole")
        ],
    }


def pairs_item(key: str = "drug-and-target") -> dict[str, Any]:
    """Return a matching item of three pairs and one right side too many."""
    pairs = (("Ziconotide", "N-type"), ("Pregabalin", "Alpha2delta"), ("Lidocaine", "Sodium"))
    return {
        "key": key,
        "type": "matching",
        "lead_in": f"Where does each drug of {key} act?",
        "pairs": [{"left": a, "right": b, "why": why(f"Pair {a}")} for a, b in pairs],
        "distractors": [{"text": "Potassium", "why": why("Decoy")}],
    }


def steps_item(key: str = "in-which-order") -> dict[str, Any]:
    """Return an ordering item of four steps."""
    steps = ("Stop the pump", "Call for help", "Give naloxone", "Write it down")
    return {
        "key": key,
        "type": "ordering",
        "lead_in": f"In which order is {key} done?",
        "steps": [{"text": text, "why": why(f"Step {text}")} for text in steps],
    }


def panel_item(key: str = "after-the-scan") -> dict[str, Any]:
    """Return a script-concordance item: of ten experts six say +1, three 0, one −1."""
    return {
        "key": key,
        "type": "script_concordance",
        "lead_in": f"How does {key} change the idea?",
        "scale": "diagnosis",
        "idea": "A disc presses on the root.",
        "finding": "The straight leg raise hurts.",
        "panel": {"counts": [0, 1, 3, 6, 0]},
        "why": why("Panel"),
    }


def menu_item(key: str = "first-orders") -> dict[str, Any]:
    """Return a key-feature item: choose 2; options 0 and 1 are keys, 5 would harm."""
    options: list[dict[str, Any]] = [
        {"text": f"Order {word}", "why": why(f"Order {word}")}
        for word in ("oxygen", "naloxone", "rest", "tea", "ice", "morphine")
    ]
    options[0]["key"] = options[1]["key"] = True
    options[5]["harm"] = "opioid-and-benzodiazepine"
    return {
        "key": key,
        "type": "key_feature",
        "lead_in": f"What are the orders of {key}?",
        "mode": "menu",
        "permitted": 2,
        "covered_answer": f"Covered {SECRET}: order",
        "options": options,
    }


def write_in_item(key: str = "write-the-tests") -> dict[str, Any]:
    """Return a key-feature item with two lines to write in: magnesium, potassium."""
    return {
        "key": key,
        "type": "key_feature",
        "lead_in": f"Which tests does {key} need?",
        "mode": "write_in",
        "permitted": 2,
        "covered_answer": f"Covered {SECRET}: magnesium",
        "options": [
            {"text": "Magnesium", "key": True, "accept": ["mg level"], "why": why("Magnesium")},
            {"text": "Potassium", "key": True, "why": why("Potassium")},
            {
                "text": "Biopsy",
                "harm": "ketorolac-with-an-ulcer-in-an-older-adult",
                "why": why("Biopsy"),
            },
        ],
    }


def spot_item(key: str = "where-to-inject") -> dict[str, Any]:
    """Return a hotspot item of three places; the second is the key."""
    places: list[dict[str, Any]] = [
        {
            "text": f"The {side} of the knee",
            "why": why(f"Place {side}"),
            "polygon": [[x, 100], [x + 150, 100], [x + 150, 500], [x, 500]],
        }
        for side, x in (("outer side", 50), ("middle", 300), ("inner side", 550))
    ]
    places[1]["key"] = True
    return {
        "key": key,
        "type": "hotspot",
        "lead_in": f"Where does {key} go?",
        "covered_answer": f"Covered {SECRET}: middle",
        "image": DRAWING,
        "alt": "A knee from the front.",
        "regions": places,
    }


def essay_item(key: str = "tell-the-patient") -> dict[str, Any]:
    """Return an essay of about 60 words, marked on two criteria."""
    return {
        "key": key,
        "type": "essay",
        "lead_in": f"How do you say {key}?",
        "words": 60,
        "rubric": [
            {
                "name": name,
                "levels": [
                    {"points": 0, "text": f"Nothing {SECRET} of {name.lower()}"},
                    {"points": 2, "text": f"All {SECRET} of {name.lower()}"},
                ],
            }
            for name in ("Empathy", "Plain words")
        ],
        "model_answer": f"I would say {SECRET} and wait for the answer.",
        "why": why("Essay"),
    }


EVERY_KIND = (
    *ALL_KINDS,
    themed_item(),
    pairs_item(),
    steps_item(),
    panel_item(),
    menu_item(),
    write_in_item(),
    spot_item(),
    essay_item(),
)
"""Twelve items of eleven types: key features are chosen or written in."""

POSITION = {item["key"]: place for place, item in enumerate(EVERY_KIND, start=1)}
"""Where each of them stands in a quiz of `EVERY_KIND`."""


def reasons_in(value: object) -> Iterator[str]:
    """Yield every reason in an item, and what an essay is measured by."""
    if isinstance(value, list):
        for each in value:
            yield from reasons_in(each)
    elif isinstance(value, dict):
        yield from (value[name] for name in ("why", "model_answer") if name in value)
        if "points" in value:
            yield value["text"]
        for each in value.values():
            yield from reasons_in(each)


SECOND, THIRD = "quetzal", "axolotl"
"""Each stands in every text of that stage of `unfolding`."""


def choice_with(word: str, key: str) -> dict[str, Any]:
    """Return a single-best-answer item with *word* in its lead-in and its options."""
    item = choice_item(key)
    options = [option | {"text": f"{option['text']} {word}"} for option in item["options"]]
    return item | {"lead_in": f"Which {word} is best for {key}?", "options": options}


def stage(title: str, *items: dict[str, Any], word: str) -> dict[str, Any]:
    """Return a stage with *word* in its title, its text and its exhibit."""
    table = {"columns": ["Test", f"Result {word}"], "rows": [[f"Sodium {word}", "140"]]}
    return {
        "title": f"{title} {word}",
        "text": f"What is known then, {word}: the man hurts.",
        "exhibits": [{"key": f"results-{word}", "title": f"Results {word}", "table": table}],
        "items": list(items),
    }


def unfolding(slug: str = "unfolds") -> dict[str, Any]:
    """Return the body of a case in three stages: items 1 and 2, items 3 and 4, item 5."""
    frame = case_body(slug=slug)
    del frame["vignette"], frame["items"]
    stages = [
        stage("At the door", choice_item("first-look"), number_item("first-dose"), word="pelican"),
        stage("Later", choice_with(SECOND, "second-look"), words_item("antidote"), word=SECOND),
        stage("Next day", choice_with(THIRD, "third-look"), word=THIRD),
    ]
    return frame | {"stages": stages}
