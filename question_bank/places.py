"""What the places of a case are called when people are told of them: "Item 1, option B, reason"."""

from string import ascii_uppercase

WORDS = {
    "accept": "accepted answers",
    "alt": "description",
    "covered_answer": "answer in your own words",
    "doi": "DOI",
    "key": "key",
    "lead_in": "lead-in",
    "misconception": "mistake it stands for",
    "permitted": "choices permitted",
    "sibling_of": "sibling of",
    "text": "",
    "use": "use",
    "why": "reason",
    "words": "words wanted",
}
"""What the fields of a case are called, where that is not their name."""

ONE = {
    "criteria": "criterion",
    "distractors": "distractor",
    "exhibits": "exhibit",
    "levels": "level",
    "mistakes": "mistake",
    "options": "option",
    "pairs": "pair",
    "references": "source",
    "regions": "region",
    "rubric": "criterion",
    "stages": "stage",
    "stems": "stem",
    "steps": "step",
    "waivers": "waiver",
}
"""What one entry of a list is called."""

LETTERED = {"options", "regions"}


def word(name: str) -> str:
    """Return what the field *name* is called; empty where the place itself says it."""
    return WORDS.get(name, name.replace("_", " "))


def entry(name: str, number: int) -> str:
    """Return what entry *number*, from 0, of the list *name* is called."""
    said = ascii_uppercase[number % 26] if name in LETTERED else str(number + 1)
    return f"{ONE.get(name, name)} {said}"


def as_place(parts: tuple[str, ...]) -> str:
    """Return *parts*, the outermost first, as one place; the story where there is none."""
    said = ", ".join(part for part in parts if part) or "Story"
    return said[0].upper() + said[1:]
