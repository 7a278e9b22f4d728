"""Bodies of drafts, and what they may name."""

from typing import Any

from question_bank.advice.listing import Known
from tests.question_bank.lint.drafts import acts, blueprint, facts, shipped

KNOWN = Known(facts(), acts(), {each.slug for each in shipped()}, blueprint())

STORY = (
    "A 58-year-old teacher comes to the clinic. For 6 weeks she has had pain in the left calf, "
    "5 of 10, worse in the evening and better after lying down. She walks 400 m and wants to get "
    "to the market again. Ankle jerks are equal, power is full and the calf is soft."
)


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
