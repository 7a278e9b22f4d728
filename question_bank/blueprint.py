"""The content blueprint: what is tested, and how much of it."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any

import yaml
from pydantic import Field, StringConstraints, ValidationError

from question_bank.case import Case, Problem
from question_bank.shapes import SLUG, Shape

Id = Annotated[str, StringConstraints(pattern=SLUG)]
Percent = Annotated[int, Field(ge=0, le=100)]

_UNREADABLE = (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError)
"""What PyYAML raises for text that is not YAML, or not what its tags say."""


class InvalidBlueprint(Exception):
    """A blueprint that breaks one of its invariants; the message says which and where."""


class BlueprintTrack(Shape):
    """A fellowship with weights of its own."""

    id: Id
    name: str


class Topic(Shape):
    """What a case is about. `weights` are percent of a quiz, by track.

    `retired` topics keep the meaning of old results; nothing new is written for them.
    """

    id: Id
    name: str
    scope: str
    weights: dict[Id, Percent]
    competencies: tuple[Id, ...]
    retired: bool = False


class Approach(Shape):
    """One of the four ways to treat pain, with its topics."""

    id: Id
    name: str
    topics: tuple[Topic, ...]

    def weight(self, track: str) -> int:
        """Return what percent of a quiz for *track* it gets: the sum over its topics."""
        return sum(topic.weights.get(track, 0) for topic in self.topics)


class Value(Shape):
    """A value of a dimension. `floor`: percent of the bank that should carry it."""

    id: Id
    name: str
    floor: Percent
    competencies: tuple[Id, ...]


class Dimension(Shape):
    """A further way to tell cases apart."""

    id: Id
    name: str
    required: bool
    values: tuple[Value, ...]


class CognitiveLevel(Shape):
    """A cognitive level. `shares` are percent of a quiz, by track."""

    id: Id
    name: str
    description: str
    shares: dict[Id, Percent]


class Competency(Shape):
    """A milestone that results speak to: directly, in part, or hardly."""

    id: Id
    domain: str
    name: str
    evidence: str


class Blueprint(Shape):
    """The whole plan, in file order."""

    version: int
    tracks: tuple[BlueprintTrack, ...]
    approaches: tuple[Approach, ...]
    dimensions: tuple[Dimension, ...]
    cognitive_levels: tuple[CognitiveLevel, ...]
    competencies: tuple[Competency, ...]

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic, in file order."""
        return tuple(topic for approach in self.approaches for topic in approach.topics)

    @cached_property
    def level_names(self) -> Mapping[str, str]:
        """What each cognitive level is called, by its id."""
        return {level.id: level.name for level in self.cognitive_levels}

    @cached_property
    def _topic_by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def _approach_by_topic(self) -> dict[str, str]:
        return {t.id: approach.id for approach in self.approaches for t in approach.topics}

    def topic(self, topic_id: str) -> Topic:
        """Return the topic with *topic_id*.

        Raises:
            KeyError: there is none.
        """
        return self._topic_by_id[topic_id]

    def approach_of(self, topic_id: str) -> str:
        """Return the id of the approach that a topic belongs to.

        Raises:
            KeyError: there is no such topic.
        """
        return self._approach_by_topic[topic_id]

    def values_of(self, dimension_id: str) -> frozenset[str]:
        """Return the ids a dimension offers; none for an unknown dimension."""
        return frozenset(
            value.id
            for dimension in self.dimensions
            if dimension.id == dimension_id
            for value in dimension.values
        )


def parse_blueprint(text: str) -> Blueprint:
    """Return the blueprint in *text* (YAML).

    Raises:
        InvalidBlueprint: the text breaks the format or an invariant.
    """
    try:
        data = yaml.safe_load(text)
    except _UNREADABLE as error:
        raise InvalidBlueprint(f"not YAML: {error}") from None
    try:
        plan = Blueprint.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidBlueprint(f"{place}: {first['msg']}") from None
    _check_ids(plan)
    _check_tracks(plan)
    _check_sums(plan)
    _check_competencies(plan)
    return plan


def _check_ids(plan: Blueprint) -> None:
    parts: list[Iterable[Any]] = [
        plan.tracks,
        plan.approaches,
        plan.topics,
        plan.dimensions,
        *(dimension.values for dimension in plan.dimensions),
        plan.cognitive_levels,
        plan.competencies,
    ]
    seen: set[str] = set()
    for part in parts:
        for thing in part:
            if thing.id in seen:
                raise InvalidBlueprint(f"the id “{thing.id}” is used twice")
            if not re.fullmatch(SLUG, thing.id):
                raise InvalidBlueprint(f"the id “{thing.id}” is not lower case with hyphens")
            seen.add(thing.id)


def _check_tracks(plan: Blueprint) -> None:
    tracks = {track.id for track in plan.tracks}
    by_track = [(topic.id, topic.weights) for topic in plan.topics]
    by_track += [(level.id, level.shares) for level in plan.cognitive_levels]
    for name, numbers in by_track:
        unknown = sorted(set(numbers) - tracks)
        if unknown:
            raise InvalidBlueprint(f"{name} has a number for undefined tracks: {unknown}")


def _check_sums(plan: Blueprint) -> None:
    for track in plan.tracks:
        weights = sum(topic.weights.get(track.id, 0) for topic in plan.topics)
        shares = sum(level.shares.get(track.id, 0) for level in plan.cognitive_levels)
        if weights != 100:
            raise InvalidBlueprint(f"the topic weights of {track.id} sum to {weights}, not 100")
        if shares != 100:
            raise InvalidBlueprint(f"the level shares of {track.id} sum to {shares}, not 100")


def _check_competencies(plan: Blueprint) -> None:
    defined = {competency.id for competency in plan.competencies}
    values = [value for dimension in plan.dimensions for value in dimension.values]
    things: list[Topic | Value] = [*plan.topics, *values]
    for thing in things:
        unknown = set(thing.competencies) - defined
        if unknown:
            raise InvalidBlueprint(f"{thing.id} names undefined competencies: {sorted(unknown)}")


def check_tags(case: Case, plan: Blueprint) -> list[Problem]:
    """Return what the tags of *case* name that *plan* does not have, or has no more."""
    tracks = frozenset(track.id for track in plan.tracks)
    levels = frozenset(level.id for level in plan.cognitive_levels)
    topics = frozenset(topic.id for topic in plan.topics if not topic.retired)
    named: list[tuple[str, Iterable[str], frozenset[str]]] = [
        ("topic", [case.topic], topics),
        ("tracks", case.tracks, tracks),
        ("focus", case.focus, plan.values_of("focus")),
        ("condition", [case.condition] if case.condition else [], plan.values_of("condition")),
        ("population", case.population, plan.values_of("population")),
        ("setting", [case.setting] if case.setting else [], plan.values_of("setting")),
    ]
    named += [
        (f"{place}.level", [item.level], levels)
        for place, item in zip(case.places, case.questions, strict=True)
    ]
    return [
        Problem(field, f"“{value}” is not in the blueprint")
        for field, values, known in named
        for value in values
        if value not in known
    ]
