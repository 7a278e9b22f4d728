"""The content blueprint that the program follows."""

from functools import cache
from importlib.resources import files

from question_bank.blueprint import Blueprint, parse_blueprint

_CONTENT = files("question_bank") / "content"


@cache
def blueprint() -> Blueprint:
    """Return the content blueprint."""
    return parse_blueprint((_CONTENT / "blueprint.yaml").read_text(encoding="utf-8"))
