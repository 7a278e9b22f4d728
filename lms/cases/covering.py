"""What the published bank covers of the blueprint, and where it falls short."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sqlalchemy import func, select

from lms.cases.models import Item, StoredCase
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.tagging import read_tags, tag_name
from lms.core.db import db
from lms.program.blueprint import blueprint
from question_bank.coverage import (
    LevelShare,
    TopicCoverage,
    ValueCoverage,
    levels_covered,
    topics_covered,
    values_covered,
)

FORM = 40
"""The floor of a topic is what a form of so many items takes of it."""

NEAR = Fraction(5)
"""Percent by which a level may be off its share without being short."""

_LIVE = (StoredCase.retired_at.is_(None), StoredCase.current_id.is_not(None))


@dataclass(frozen=True)
class Gap:
    """Where the bank falls short, in words, and as what a case that fills it would be begun."""

    name: str
    said: str
    topic: str = ""
    level: str = ""
    setting: str = ""


@dataclass(frozen=True)
class TrackCovered:
    """A track: its topics with floors, and the share of each level."""

    track: str
    topics: tuple[TopicCoverage, ...]
    levels: tuple[LevelShare, ...]

    def gaps(self) -> Iterator[Gap]:
        """Yield the topics under their floor, then the levels clearly below their share."""
        lacking = min(self.levels, key=lambda each: each.share - each.wanted).level
        for topic in self.topics:
            if topic.gap:
                said = f"{topic.items} of {topic.wanted} items"
                yield Gap(tag_name(topic.topic), said, topic=topic.topic, level=lacking)
        for level in self.levels:
            if level.share < level.wanted - NEAR:
                said = f"{int(level.share)}% of the items, {level.wanted}% wanted"
                yield Gap(tag_name(level.level), said, level=level.level)


@dataclass(frozen=True)
class BankCovered:
    """The whole bank: each track, and the values of the dimensions, of all its cases."""

    tracks: tuple[TrackCovered, ...]
    values: tuple[ValueCoverage, ...]
    cases: int

    def of(self, track: str) -> TrackCovered:
        """Return a track, or the first if there is none such."""
        return next((each for each in self.tracks if each.track == track), self.tracks[0])

    def floor(self, value: ValueCoverage) -> int:
        """Return how many cases should carry a value at least."""
        return ceil(value.floor * self.cases / 100)

    def gaps(self) -> Iterator[Gap]:
        """Yield the values that too few cases carry."""
        for value in self.values:
            if value.cases < self.floor(value):
                setting = value.value if value.dimension == "setting" else ""
                said = f"{value.cases} of {self.floor(value)} cases"
                yield Gap(tag_name(value.value), said, setting=setting)


def bank_covered() -> BankCovered:
    """Return what the published cases cover, in two statements.

    Items count that a scored quiz may ask, as `question_bank.coverage` counts them; withheld ones
    do not.
    """
    carried, cases = _carried()
    return BankCovered(tracks_covered(), values_covered(carried, cases, blueprint()), cases)


def topics_short() -> int:
    """Return how many topics are under their floor in one track or more, in one statement."""
    return len({topic.topic for track in tracks_covered() for topic in track.topics if topic.gap})


def tracks_covered() -> tuple[TrackCovered, ...]:
    """Return what the published cases cover of each track, in one statement."""
    rows = db.session.execute(
        select(StoredCase.tracks, Item.topic, Item.level, func.count())
        .join(Item.case)
        .where(
            *_LIVE,
            Item.retired_at.is_(None),
            Item.withheld_at.is_(None),
            Item.use == "scored",
        )
        .group_by(StoredCase.tracks, Item.topic, Item.level)
    ).all()
    return tuple(_track(track.id, rows) for track in blueprint().tracks)


def _track(track: str, rows: Sequence[tuple[str, str, str, int]]) -> TrackCovered:
    topics, levels = Counter[str](), Counter[str]()
    for tracks, topic, level, count in rows:
        if track in tracks.split():
            topics[topic] += count
            levels[level] += count
    plan = blueprint()
    return TrackCovered(
        track, topics_covered(topics, plan, track, FORM), levels_covered(levels, plan, track)
    )


def _carried() -> tuple[Counter[str], int]:
    """Return how many cases carry each value, and how many cases there are."""
    tags = db.session.scalars(
        select(SearchEntry.tags)
        .join(StoredCase, StoredCase.id == SearchEntry.case_id)
        .where(*_LIVE, SearchEntry.layer == Layer.IN_USE)
    ).all()
    return Counter(value for each in tags for _, value in read_tags(each)), len(tags)
