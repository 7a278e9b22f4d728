"""The shipped content: the starter bank's files, its drawings, facts and acts that harm."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from lms.program.blueprint import blueprint
from question_bank.items.hotspot import IMAGE_NAME
from question_bank.knowledge import ClinicalFact, HarmfulAct, parse_acts, parse_facts

_CONTENT = files("question_bank") / "content"

GOOD_UNTIL = date(2028, 11, 25)
"""Two years after its authors have checked the starter bank against its sources."""

CHANGES_SOON = date(2027, 11, 25)
"""A year after it: for what rests on rules of law."""

_ON_RULES_OF_LAW = frozenset(
    {
        "a-borrowed-stimulator",
        "a-coach-and-a-stimulator",
        "a-toe-and-an-implant",
        "asking-for-help-after-a-night-shift",
        "eighteen-weeks-along",
        "one-good-afternoon",
    }
)


@cache
def drawing(name: str) -> str | None:
    """Return the text of the shipped drawing called *name*, SVG; None: there is none such."""
    if re.fullmatch(IMAGE_NAME, name) is None:
        return None
    file = _CONTENT / "exhibits" / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def drawings() -> Mapping[str, str]:
    """Return the text of every shipped drawing, by its address."""
    names = [file.name for file in (_CONTENT / "exhibits").iterdir()]
    texts = [text for name in names if (text := drawing(name)) is not None]
    return {address_of(text): text for text in texts}


def address_of(text: str) -> str:
    """Return by what a page asks for a drawing: its name may say what it is to be read as.

    Nobody guesses it either, so that what a later stage shows cannot be had before.
    """
    return sha256(text.encode()).hexdigest()


@cache
def facts() -> Mapping[str, ClinicalFact]:
    """Return every shipped fact, by its id."""
    return parse_facts((_CONTENT / "facts.yaml").read_text(encoding="utf-8"))


@cache
def acts() -> Mapping[str, HarmfulAct]:
    """Return every shipped act that harms, by its id."""
    return parse_acts((_CONTENT / "harms.yaml").read_text(encoding="utf-8"))


def starter_files() -> list[tuple[str, str]]:
    """Return name and text of every case file of the starter bank, approach by approach."""
    return [
        (f"{approach.id}/{file.name}", file.read_text(encoding="utf-8"))
        for approach in blueprint().approaches
        for file in _case_files(_CONTENT / approach.id)
    ]


def starter_slugs() -> frozenset[str]:
    """Return the slug of every case of the starter bank; its files are named by them."""
    folders = (_CONTENT / approach.id for approach in blueprint().approaches)
    return frozenset(
        file.name.removesuffix(".yaml") for folder in folders for file in _case_files(folder)
    )


@cache
def _starter_texts() -> frozenset[str]:
    return frozenset(text for _, text in starter_files())


def is_shipped(text: str) -> bool:
    """Return whether *text* is that of a file of the starter bank."""
    return text in _starter_texts()


def starter_review_by(slug: str) -> date:
    """Return by which day a case of the starter bank is to be reviewed, as it was shipped."""
    return CHANGES_SOON if slug in _ON_RULES_OF_LAW else GOOD_UNTIL


def _case_files(folder: Traversable) -> list[Traversable]:
    files = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    return sorted(files, key=lambda file: file.name)
