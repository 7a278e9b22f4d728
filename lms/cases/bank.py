"""The shipped content: the starter bank's files and the blueprint."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from question_bank.blueprint import Blueprint, parse_blueprint

_CONTENT = files("question_bank") / "content"


@cache
def blueprint() -> Blueprint:
    """Return the content blueprint."""
    return parse_blueprint((_CONTENT / "blueprint.yaml").read_text(encoding="utf-8"))


def starter_files() -> list[tuple[str, str]]:
    """Return name and text of every case file of the starter bank, approach by approach."""
    return [
        (f"{approach.id}/{file.name}", file.read_text(encoding="utf-8"))
        for approach in blueprint().approaches
        for file in _case_files(_CONTENT / approach.id)
    ]


def _case_files(folder: Traversable) -> list[Traversable]:
    found = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    return sorted(found, key=lambda file: file.name)
