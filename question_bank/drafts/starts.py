"""What a draft begins with, by the way it begins."""

from question_bank.case import Case
from question_bank.drafts.bodies import Body
from question_bank.drafts.opening import draft_of

ONE_DECISION = ("decision", "topic", "tracks", "focus", "condition", "facts", "references")
"""What a sibling shares with the case that asks for the same decision."""


def blank_body() -> Body:
    """Return a case that says nothing yet, in its one stage."""
    return {"stages": [{"#": "s1"}]}


def gap_body(*, topic: str, level: str, setting: str) -> Body:
    """Return a case for a gap: its tags, and an item of that level; what is empty is left open."""
    item = {"#": "i1", "type": "single_best_answer"} | ({"level": level} if level else {})
    tags = {"topic": topic, "setting": setting}
    return {name: tag for name, tag in tags.items() if tag} | {
        "stages": [{"#": "s1", "items": [item]}]
    }


def sibling_body(case: Case) -> Body:
    """Return a case that asks for the decision of *case*: its tags and sources, no story."""
    known = draft_of(case)
    shared = {name: known[name] for name in ONE_DECISION if name in known}
    return shared | {"sibling_of": case.slug} | blank_body()
