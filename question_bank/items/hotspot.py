"""Hotspot: a place on a picture, or the same place in words."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from question_bank.items.base import (
    BaseItem,
    ItemForFellow,
    Line,
    Option,
    Text,
    check_different,
    common,
    option_lines,
    written_as,
)
from question_bank.items.choices import Choice, parse_choice, read_choice, write_chosen
from question_bank.items.polygons import Point, Polygon, anchor, is_simple, overlap

IMAGE_NAME = r"[a-z0-9]+(-[a-z0-9]+)*\.svg"

ImageName = Annotated[
    str,
    StringConstraints(max_length=80),
    written_as(IMAGE_NAME, "the name of a drawing, like knee-front.svg"),
]
"""A drawing of the bank, by its file name."""

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


class Hotspot(BaseItem):
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


@dataclass(frozen=True)
class Area:
    """A region as it is drawn: the corners, and the point where its letter stands."""

    corners: Polygon
    anchor: Point


@dataclass(frozen=True, kw_only=True)
class HotspotForFellow(ItemForFellow):
    """What is shown beside the places in words."""

    image: str
    alt: str
    areas: tuple[Area, ...]


def parse(item: Hotspot, raw: object) -> Choice | None:
    """Return the region chosen. See `parse_choice`."""
    return parse_choice(raw, item.regions)


def credit(item: Hotspot, answer: Choice) -> Fraction:
    """Return 1 for the key, else 0."""
    return Fraction(int(item.regions[answer.index].key))


def show(item: Hotspot) -> HotspotForFellow:
    """Return the item without its key."""
    return HotspotForFellow(
        **common(item),
        hint="Choose the place on the picture or in the list: both are the same answer.",
        options=tuple(region.text for region in item.regions),
        selected=True,
        image=item.image,
        alt=item.alt,
        areas=tuple(Area(region.polygon, anchor(region.polygon)) for region in item.regions),
    )


read, write = read_choice, write_chosen


def key_text(item: Hotspot) -> str:
    """Return the best answer in words."""
    return next(region.text for region in item.regions if region.key)


def answer_text(item: Hotspot, answer: Choice) -> str:
    """Return the answer in words."""
    return item.regions[answer.index].text


def review(item: Hotspot, answer: Choice | None) -> tuple[Line, ...]:
    """Return every region with its reason."""
    return option_lines(item.regions, () if answer is None else (answer.index,))
