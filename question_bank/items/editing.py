"""What an item type offers its editor: parts, described; how they look is the pages' affair.

The name of a part is where it stands in the body of a draft, like `lead_in` or
`tolerance/absolute`; in a list, where it stands in a row.
"""

from dataclasses import dataclass
from typing import Literal

Among = Literal[
    "acts", "condition", "facts", "focus", "levels", "population", "rules", "setting", "siblings",
    "topics", "tracks",
]  # fmt: skip
"""A list of the bank or the blueprint that values are chosen from; the pages have it."""


@dataclass(frozen=True)
class Named:
    """What every part has: where it stands, what it is called, and one line on what it is for."""

    name: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class TextPart(Named):
    """Words. `rows` is how many lines it opens with, `most` how many characters it may have."""

    rows: int = 1
    most: int = 4000


@dataclass(frozen=True)
class NumberPart(Named):
    """A number, kept as it is typed. `whole`: one without decimals."""

    whole: bool = False


@dataclass(frozen=True)
class SwitchPart(Named):
    """Something that is so or is not. `alone`: of the rows of its list only one can be it."""

    alone: bool = False


@dataclass(frozen=True)
class ChoicePart(Named):
    """One of `choices`, each a value and its label; or one of a list that the pages know."""

    choices: tuple[tuple[str, str], ...] = ()
    among: Among | None = None


@dataclass(frozen=True)
class TagPart(Named):
    """Several short texts, each on a line of its own; or several of a list that the pages know."""

    among: Among | None = None
    most: int = 40


@dataclass(frozen=True)
class CellsPart(Named):
    """The texts of a row of a table, in order; an empty one counts."""

    most: int = 8


@dataclass(frozen=True)
class ImagePart(Named):
    """A picture of the bank, by its name."""


@dataclass(frozen=True)
class AreaPart(Named):
    """Corners of an area on the picture that the part named `image` holds, like `0,0 90,0 90,60`.

    They are in the picture's own units, whole numbers from 0 to 2,000, 3 to 40 corners.
    """

    image: str = "image"


@dataclass(frozen=True)
class ListPart(Named):
    """Rows, each with the parts `of`. `one` is what a row is called, in the singular.

    A case can be read with `fewest` to `most` rows; a draft may have any number. `ordered`: the
    order of the rows is part of what is right.
    """

    of: "tuple[EditorPart, ...]" = ()
    fewest: int = 0
    most: int = 1
    one: str = "row"
    ordered: bool = False


EditorPart = (
    TextPart
    | NumberPart
    | SwitchPart
    | ChoicePart
    | TagPart
    | CellsPart
    | ImagePart
    | AreaPart
    | ListPart
)

COVERED = TextPart(
    "covered_answer",
    "Answer in your own words",
    "Written before the options. Reviewers compare it with their own.",
    rows=2,
)

WHY = TextPart(
    "why",
    "Reason",
    "What makes it tempting, why it is right or wrong here, when it would be right.",
    rows=3,
)

SHUFFLE = SwitchPart("shuffle", "Shuffle the options", "Off only where they have an order.")

ACCENTS = SwitchPart("accents_matter", "Accents matter", "Off: “cafe” is “café”.")


def option_parts(*more: EditorPart, alone: bool, text: str = "Option") -> tuple[EditorPart, ...]:
    """Return the parts of an option that may be the key, with *more* of its own.

    Args:
        more: What stands between the option and its reason.
        alone: Whether one option only is the key.
        text: What the option itself is called.
    """
    return (
        TextPart("text", text, rows=2),
        SwitchPart("key", "Best answer" if alone else "Right", alone=alone),
        *more,
        WHY,
        TextPart("misconception", "Misconception", "Which mistake it is for.", most=300),
        ChoicePart("harm", "Harm", "The act, from the list of harms.", among="acts"),
    )
