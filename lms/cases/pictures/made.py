"""A picture as it is kept, and why something is none."""

from dataclasses import dataclass

from lms.core.errors import Invalid

MOST_UNITS = 2000
"""Width and height that a kept picture may have, in its own units: hotspots reach as far."""


class NotAPicture(Invalid):
    """What was uploaded is not taken as a picture, with a sentence for who sent it."""

    def __init__(self, why: str) -> None:
        super().__init__(why, field="picture")


@dataclass(frozen=True)
class Made:
    """A picture made anew: its bytes, what they are, and its measures in its own units."""

    content: bytes
    media_type: str
    width: int
    height: int
