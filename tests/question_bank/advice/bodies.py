"""Bodies of drafts, and what they may name."""

from itertools import count
from typing import Any

from question_bank.advice.listing import Known
from question_bank.case import Case, case_to_json
from tests.question_bank.lint.drafts import acts, blueprint, facts, shipped

KNOWN = Known(facts(), acts(), {each.slug for each in shipped()}, blueprint())

STORY = (
    "A 58-year-old teacher comes to the clinic. For 6 weeks she has had pain in the left calf, "
    "5 of 10, worse in the evening and better after lying down. She walks 400 m and wants to get "
    "to the market again. Ankle jerks are equal, power is full and the calf is soft."
)


def body_of(case: Case) -> dict[str, Any]:
    """Return the draft that says what *case* says."""
    handles = (f"h{n}" for n in count(10))

    def typed(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {inner: typed(each, inner) for inner, each in value.items()}
        if isinstance(value, list) and name == "polygon":
            return " ".join(f"{x},{y}" for x, y in value)
        if isinstance(value, list) and name == "rows":
            return [{"#": next(handles), "cells": row} for row in value]
        if isinstance(value, list):
            rows = [typed(each) for each in value]
            return [
                {"#": next(handles)} | each if isinstance(each, dict) else each for each in rows
            ]
        return value if isinstance(value, bool) else str(value)

    body: dict[str, Any] = typed(case_to_json(case))
    if not body.get("stages"):
        parts = {"text": body.pop("vignette"), "exhibits": body.pop("exhibits")}
        body["stages"] = [{"#": "s1", "items": body.pop("items")} | parts]
    return body


def option(handle: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"#": handle, "text": text} | more


def draft(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a draft with one item, as an author leaves it in the middle of writing."""
    item = {
        "#": "i1",
        "type": "single_best_answer",
        "lead_in": "Which of the following is the most appropriate next step?",
        "options": list(options),
    }
    return {"stages": [{"#": "s1", "text": STORY, "items": [item | more]}]}
