"""The shipped content: the starter bank's files, its drawings, the facts."""

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from lms.program.blueprint import blueprint
from question_bank.items.hotspot import IMAGE_NAME
from question_bank.lint import parse_facts

_CONTENT = files("question_bank") / "content"


@cache
def drawing(name: str) -> str | None:
    """Return the text of the drawing called *name*, SVG; None: there is none such."""
    if re.fullmatch(IMAGE_NAME, name) is None:
        return None
    file = _CONTENT / "exhibits" / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def drawing_address(name: str) -> str:
    """Return by what a page asks for a drawing: its name may say what it is to be read as.

    Nobody guesses it either, so that what a later stage shows cannot be had before.
    """
    return sha256((drawing(name) or "").encode()).hexdigest()


@cache
def _drawings() -> Mapping[str, str]:
    names = [file.name for file in (_CONTENT / "exhibits").iterdir()]
    return {drawing_address(name): text for name in names if (text := drawing(name)) is not None}


def drawing_at(address: str) -> str | None:
    """Return the text of the drawing with *address*; None: there is none such."""
    return _drawings().get(address)


def drawing_size(name: str) -> tuple[int, int]:
    """Return the width and height of a drawing in its own units; 800 by 600 for an absent one."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing(name) or "")
    return (int(box[1]), int(box[2])) if box else (800, 600)


@cache
def facts() -> Mapping[str, str]:
    """Return the status of each fact that a case may rest on, by its id."""
    return parse_facts((_CONTENT / "facts.txt").read_text(encoding="utf-8"))


def starter_files() -> list[tuple[str, str]]:
    """Return name and text of every case file of the starter bank, approach by approach."""
    return [
        (f"{approach.id}/{file.name}", file.read_text(encoding="utf-8"))
        for approach in blueprint().approaches
        for file in _case_files(_CONTENT / approach.id)
    ]


def _case_files(folder: Traversable) -> list[Traversable]:
    files = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    return sorted(files, key=lambda file: file.name)
