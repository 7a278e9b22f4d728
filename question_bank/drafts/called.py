"""What the lists and fields of a draft are called where a place in it is said to people."""

_ONE = {
    "criteria": "criterion",
    "references": "source",
    "regions": "place",
    "rubric": "criterion",
    "stems": "person",
    "waivers": "kept advice",
}
"""What one entry of a list is called, where that is not the list's name without its s."""

_FIELDS = {
    "alt": "picture in words",
    "covered_answer": "answer in your own words",
    "doi": "DOI",
    "harm": "act of harm",
    "key": "mark of what is right",
    "lead_in": "lead-in",
    "polygon": "corners",
    "references": "sources",
    "shuffle": "shuffling",
    "sibling_of": "sibling",
    "why": "reason",
}
"""What a field is called, where that is not its name."""


def one_called(name: str) -> str:
    """Return what one entry of the list *name* is called."""
    return _ONE.get(name, name.removesuffix("s").replace("_", " "))


def field_called(name: str) -> str:
    """Return what the field *name* is called."""
    return _FIELDS.get(name, name.replace("_", " "))
