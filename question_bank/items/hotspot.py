"""Hotspot: a place on a picture, or the same place in words."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self, final

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from question_bank.items.answers import Json
from question_bank.items.base import BaseItem, Option, ReviewLine, check_different, option_lines
from question_bank.items.choices import Choice, ChoiceForFellow, parse_choice
from question_bank.items.editing import (
    COVERED,
    AreaPart,
    EditorPart,
    ImagePart,
    ListPart,
    TextPart,
    option_parts,
)
from question_bank.items.polygons import Point, Polygon, anchor, is_simple, overlap
from question_bank.shapes import Text, written_as

IMAGE_NAME = r"[a-z0-9]+(-[a-z0-9]+)*\.(svg|png|jpg|webp)"

ImageName = Annotated[
    str,
    StringConstraints(max_length=80),
    written_as(IMAGE_NAME, "the name of a picture, like knee-front.svg"),
]
"""A drawing of the bank by its file name, or a picture by its address and what it is."""

Coordinate = Annotated[int, Field(ge=0, le=2000)]
Corner = tuple[Coordinate, Coordinate]


def _simple(polygon: Polygon) -> Polygon:
    if not is_simple(polygon):
        raise ValueError("goes once around an area, and no two of its sides cross")
    return polygon


class Region(Option):
    """A place: in words, and as a polygon in the picture's own units."""

    polygon: Annotated[
        tuple[Corner, ...], Field(min_length=3, max_length=40), AfterValidator(_simple)
    ]


@dataclass(frozen=True)
class Area:
    """A region as it is drawn: the corners, and the point where its letter stands."""

    corners: Polygon
    anchor: Point


@dataclass(frozen=True, kw_only=True)
class HotspotForFellow(ChoiceForFellow):
    """What is shown beside the places in words."""

    image: str
    alt: str
    areas: tuple[Area, ...]


@final
class Hotspot(BaseItem[Choice]):
    """Who cannot point chooses the place in words: the same regions, the same credit."""

    type: Literal["hotspot"]
    covered_answer: Text | None = None
    image: ImageName
    alt: Text
    regions: Annotated[tuple[Region, ...], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        check_different(region.text for region in self.regions)
        keys = sum(region.key for region in self.regions)
        if keys != 1:
            raise ValueError(f"mark exactly one region with “key: true”; {keys} are marked")
        for number, region in enumerate(self.regions):
            for other in self.regions[number + 1 :]:
                if overlap(region.polygon, other.polygon):
                    raise ValueError(f"the regions “{region.text}” and “{other.text}” overlap")
        return self

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            COVERED,
            ImagePart("image", "Picture"),
            TextPart("alt", "The picture in words", "The data, not the conclusion.", rows=3),
            ListPart(
                "regions",
                "Places",
                "One is right; no two overlap.",
                of=option_parts(
                    AreaPart(
                        "polygon", "Corners", "Like 0,0 90,0 90,60: from the left and from the top."
                    ),
                    alone=True,
                    text="Place",
                ),
                fewest=3,
                most=8,
                one="place",
            ),
        )

    @property
    def key_text(self) -> str:
        """The key in words."""
        return next(region.text for region in self.regions if region.key)

    @property
    def gist(self) -> Json:
        """The regions in words and in corners, each with whether it is right."""
        return sorted((region.text, region.key, region.polygon) for region in self.regions)

    def for_fellow(self) -> HotspotForFellow:
        """Return the item without its key."""
        return HotspotForFellow(
            **self._common,
            hint="Choose the place on the picture or in the list: both are the same answer.",
            options=tuple(region.text for region in self.regions),
            selected=True,
            image=self.image,
            alt=self.alt,
            areas=tuple(Area(region.polygon, anchor(region.polygon)) for region in self.regions),
        )

    def _parsed(self, raw: object) -> Choice | None:
        return parse_choice(raw, self.regions)

    def _earned(self, answer: Choice) -> Fraction:
        """Return 1 for the key, else 0."""
        return Fraction(int(self.regions[answer.index].key))

    def _in_words(self, answer: Choice) -> str:
        return self.regions[answer.index].text

    def review(self, answer: Choice | None) -> tuple[ReviewLine, ...]:
        """Return every region with its reason."""
        return option_lines(self.regions, () if answer is None else (answer.index,))
