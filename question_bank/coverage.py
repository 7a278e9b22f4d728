"""What the bank covers of the blueprint, and where it falls short."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.blueprint import Blueprint
from question_bank.case import Case


@dataclass(frozen=True)
class TopicCoverage:
    """A topic: its weight in percent, its items in the bank, and how many a form wants of it."""

    topic: str
    approach: str
    weight: int
    items: int
    wanted: int

    @property
    def gap(self) -> int:
        """How many items are lacking for one form."""
        return max(self.wanted - self.items, 0)


@dataclass(frozen=True)
class LevelShare:
    """A cognitive level: what percent of the items it has, and what percent it should have."""

    level: str
    items: int
    share: Fraction
    wanted: Fraction


@dataclass(frozen=True)
class ValueCoverage:
    """A value of a dimension: what percent of the cases carry it, and at least should."""

    dimension: str
    value: str
    cases: int
    share: Fraction
    floor: Fraction


@dataclass(frozen=True)
class TrackCoverage:
    """What a track finds in the bank."""

    track: str
    form: int
    topics: tuple[TopicCoverage, ...]
    levels: tuple[LevelShare, ...]


def track_coverage(
    cases: Sequence[Case], blueprint: Blueprint, form: int = 40
) -> tuple[TrackCoverage, ...]:
    """Return for each track how far *cases* fill a form of so many items."""
    return tuple(
        TrackCoverage(
            track.id,
            form,
            topic_coverage(cases, blueprint, track.id, form),
            level_shares(cases, blueprint, track.id),
        )
        for track in blueprint.tracks
    )


def topic_coverage(
    cases: Iterable[Case], blueprint: Blueprint, track: str, form: int
) -> tuple[TopicCoverage, ...]:
    """Return every topic with weight in *track*, in file order; see `apportion` for `wanted`."""
    items = Counter[str]()
    for case in cases:
        items[case.topic] += scored_items(case) if track in case.tracks else 0
    return topics_covered(items, blueprint, track, form)


def topics_covered(
    items: Mapping[str, int], blueprint: Blueprint, track: str, form: int
) -> tuple[TopicCoverage, ...]:
    """Return the same of a bank that has so many *items* of each topic for *track*."""
    weights = {topic.id: topic.weights.get(track, 0) for topic in blueprint.topics}
    wanted = apportion(form, weights)
    return tuple(
        TopicCoverage(
            topic, blueprint.approach_of(topic), weight, items.get(topic, 0), wanted[topic]
        )
        for topic, weight in weights.items()
        if weight or items.get(topic, 0)
    )


def apportion(n: int, weights: Mapping[str, int], ties: Sequence[str] = ()) -> dict[str, int]:
    """Return how many of *n* items each topic gets, by largest remainder on weight / sum * n.

    Args:
        n: How many items, 0 or more.
        weights: Weight by topic, in file order.
        ties: Topics, those least recently seen first: who of equal remainder gets the item.
            What is not named follows, in file order.

    Returns:
        The seats by topic, in the order of *weights*; they sum to *n* (to 0 without weights).

    Source: Hamilton's method; Balinski ML, Young HP. Fair Representation. Yale, 1982.
    """
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    quotas = {topic: Fraction(weight * n, total) for topic, weight in weights.items()}
    seats = {topic: int(quota) for topic, quota in quotas.items()}
    rank = {topic: -place for place, topic in enumerate(reversed([*ties, *weights]))}
    by_claim = sorted(weights, key=lambda topic: (seats[topic] - quotas[topic], rank[topic]))
    for topic in by_claim[: n - sum(seats.values())]:
        seats[topic] += 1
    return seats


def level_shares(cases: Iterable[Case], blueprint: Blueprint, track: str) -> tuple[LevelShare, ...]:
    """Return every cognitive level with its share of the items of *track*."""
    items = Counter[str]()
    for case in cases:
        if track in case.tracks:
            items.update(item.level for item in case.questions if item.use == "scored")
    return levels_covered(items, blueprint, track)


def levels_covered(
    items: Mapping[str, int], blueprint: Blueprint, track: str
) -> tuple[LevelShare, ...]:
    """Return the same of a bank that has so many *items* of each level for *track*."""
    total = sum(items.values())
    return tuple(
        LevelShare(
            level.id,
            items.get(level.id, 0),
            percent(items.get(level.id, 0), total),
            Fraction(level.shares.get(track, 0)),
        )
        for level in blueprint.cognitive_levels
    )


def of_track(cases: Iterable[Case], track: str) -> list[Case]:
    """Return those of *cases* that fellows of *track* are asked."""
    return [case for case in cases if track in case.tracks]


def value_coverage(cases: Sequence[Case], blueprint: Blueprint) -> tuple[ValueCoverage, ...]:
    """Return every value of every dimension with its share of the cases."""
    carried = Counter(value for case in cases for value in _values(case))
    return values_covered(carried, len(cases), blueprint)


def values_covered(
    carried: Mapping[str, int], cases: int, blueprint: Blueprint
) -> tuple[ValueCoverage, ...]:
    """Return the same of a bank of so many *cases*, of which so many have *carried* each value."""
    return tuple(
        ValueCoverage(
            dimension.id,
            value.id,
            carried.get(value.id, 0),
            percent(carried.get(value.id, 0), cases),
            Fraction(value.floor),
        )
        for dimension in blueprint.dimensions
        for value in dimension.values
    )


def scored_items(case: Case) -> int:
    """Return how many items of *case* may stand in a quiz that is scored."""
    return sum(item.use == "scored" for item in case.questions)


def percent(part: int, whole: int) -> Fraction:
    """Return *part* in percent of *whole*, exact; 0 of nothing."""
    return Fraction(100 * part, whole) if whole else Fraction(0)


def _values(case: Case) -> set[str]:
    named = {*case.focus, *case.population, case.condition, case.setting}
    return {value for value in named if value is not None}
