"""What the graded first answers of one fellow say: facts in, tallies out.

The window (`window_start`) is compared with the eight weeks before it, and the course is drawn over
sixteen weeks. A share is a *figure* from ten items on; below that only counts are said. Intervals
are Wilson's, at 95 %.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from question_bank.blueprint import Blueprint
from question_bank.scoring import Tally, tally

WINDOW = timedelta(weeks=8)
"""What shares are tallied over, unless the last `ANSWERS` go further back."""

ANSWERS = 40
"""How many first answers the window reaches back to, however old they are."""

SPAN = timedelta(weeks=4)
"""The width of one point of a trend."""

SPANS = 4
"""How many points a trend has."""

POINTS = 3
"""How many talking points are taken from what was missed."""


class Fact(NamedTuple):
    """The credit of one response that is a first answer; see `question_bank.first_answers`.

    It was *news* at `news_at`, with its response's first grade that had a credit. What the grade
    that counts says, of credit and harms, stands since `stands_since`; if that is later, it is a
    *correction*.
    From `key_at` on the fellow can read the key, and may know of it; None: that is not settled,
    or the key waits. `harms` are the acts by which what was chosen would have hurt the patient,
    whatever the credit. `level` is the cognitive level that the version asked gives the item.
    `handed_in_at` is `submitted_at`, but no later than the time of the attempt ended.
    """

    fellow_id: int
    attempt_id: int
    response_id: int
    item_id: int
    case_version_id: int
    approach: str
    topic: str
    level: str
    credit: Fraction
    submitted_at: datetime
    handed_in_at: datetime
    news_at: datetime
    stands_since: datetime
    key_at: datetime | None
    harms: tuple[str, ...] = ()

    def is_told(self, by: datetime) -> bool:
        """Return whether the fellow could read the key by then."""
        return self.key_at is not None and self.key_at <= by


@dataclass(frozen=True)
class ApproachProgress:
    """An approach: the window, the eight weeks before it, and the course over sixteen weeks.

    `line` is the share that is wanted, in percent. `trend` holds the share of each span, oldest
    first; None where it has too few items.
    """

    approach: str
    name: str
    recent: Tally
    before: Tally
    line: int
    trend: tuple[Fraction | None, ...]

    @property
    def is_weak(self) -> bool:
        """Whether the share is surely, not just probably, below what the program wants."""
        return side(self.recent, self.line) == "below"


@dataclass(frozen=True)
class TopicLine:
    """A topic and what was answered in it."""

    topic: str
    name: str
    tally: Tally


@dataclass(frozen=True)
class TopicGroup:
    """The topics of an approach, in the blueprint's order; `unseen` had no item yet."""

    approach: str
    name: str
    tally: Tally
    lines: tuple[TopicLine, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True)
class LevelLine:
    """A cognitive level and what was answered at it."""

    level: str
    name: str
    tally: Tally


@dataclass(frozen=True)
class Point:
    """A topic in which items were missed, and the one missed last: its response and its version.

    `tally` counts the topic's items in the window.
    """

    topic: str
    name: str
    tally: Tally
    response_id: int
    case_version_id: int


def is_above(high: Tally, low: Tally) -> bool:
    """Whether two tallies may be ranked: both are figures, and their intervals do not overlap."""
    return high.is_figure and low.is_figure and _bounds(low)[1] < _bounds(high)[0]


def side(one: Tally, line: int) -> Literal["below", "across", "above"] | None:
    """Return where the interval lies to *line*, a share in percent; None where there is none."""
    if not one.is_figure:
        return None
    low, high = _bounds(one)
    if high < line / 100:
        return "below"
    return "above" if low > line / 100 else "across"


def _bounds(one: Tally) -> tuple[float, float]:
    return one.interval or (0.0, 1.0)


def within(facts: Iterable[Fact], since: datetime, until: datetime) -> list[Fact]:
    """Return the facts submitted at or after *since* and before *until*."""
    return [fact for fact in facts if since <= fact.submitted_at < until]


def sum_up(facts: Iterable[Fact]) -> Tally:
    """Return the tally of *facts*, one item each."""
    return tally([fact.credit for fact in facts])


def window_start(
    facts: Iterable[Fact], until: datetime, joined: datetime | None = None
) -> datetime:
    """Return when the window begins that ends at *until*: eight weeks before, or earlier.

    It reaches back to the last 40 first answers, in whole attempts, or to all if there are fewer;
    but never to before the fellow *joined*.
    """
    moments = sorted(fact.submitted_at for fact in facts if fact.submitted_at < until)
    start = min([until - WINDOW, *moments[-ANSWERS:][:1]])
    return start if joined is None else max(start, joined)


def approach_lines(
    facts: Iterable[Fact], blueprint: Blueprint, since: datetime, until: datetime, *, line: int
) -> tuple[ApproachProgress, ...]:
    """Return what each approach of *blueprint* comes to, in its order, in a window.

    Args:
        facts: Of any time.
        blueprint: The approaches.
        since: The start of the window.
        until: Its end.
        line: The share that is wanted, in percent.
    """
    of = _grouped(facts, lambda fact: fact.approach)
    return tuple(
        ApproachProgress(
            approach=approach.id,
            name=approach.name,
            recent=sum_up(within(of[approach.id], since, until)),
            before=sum_up(within(of[approach.id], since - WINDOW, since)),
            line=line,
            trend=_trend(of[approach.id], until),
        )
        for approach in blueprint.approaches
    )


def _trend(facts: Sequence[Fact], until: datetime) -> tuple[Fraction | None, ...]:
    spans = [
        sum_up(within(facts, until - back * SPAN, until - (back - 1) * SPAN))
        for back in range(SPANS, 0, -1)
    ]
    return tuple(span.share if span.is_figure else None for span in spans)


def topic_groups(facts: Iterable[Fact], blueprint: Blueprint) -> tuple[TopicGroup, ...]:
    """Return each approach with the tallies of its topics over all of *facts*."""
    of = _grouped(facts, lambda fact: fact.topic)
    return tuple(
        TopicGroup(
            approach=approach.id,
            name=approach.name,
            tally=sum_up(fact for topic in approach.topics for fact in of[topic.id]),
            lines=tuple(
                TopicLine(topic.id, topic.name, sum_up(of[topic.id]))
                for topic in approach.topics
                if of[topic.id]
            ),
            unseen=tuple(topic.name for topic in approach.topics if not of[topic.id]),
        )
        for approach in blueprint.approaches
    )


def level_lines(facts: Iterable[Fact], blueprint: Blueprint) -> tuple[LevelLine, ...]:
    """Return each cognitive level, in the blueprint's order, with its tally over all of *facts*."""
    of = _grouped(facts, lambda fact: fact.level)
    return tuple(
        LevelLine(level, name, sum_up(of[level])) for level, name in blueprint.level_names.items()
    )


def talking_points(
    facts: Iterable[Fact], blueprint: Blueprint, fresh: Iterable[Fact] = ()
) -> tuple[Point, ...]:
    """Return at most three topics to talk about, taken from the items missed in *facts*.

    Topics missed in *fresh*, the period reported on, come first; then those in which most
    credit was lost; then the blueprint's order. The case named is the one missed last.
    """
    of = _grouped(facts, lambda fact: fact.topic)
    tallies = {topic: sum_up(answered) for topic, answered in of.items()}
    lost = {topic: one.items - one.correct for topic, one in tallies.items()}
    new = {fact.topic for fact in fresh if fact.credit != 1}
    order = {topic.id: place for place, topic in enumerate(blueprint.topics)}
    missed = [topic for topic in lost if lost[topic] > 0 and topic in order]
    missed.sort(key=lambda topic: (topic not in new, -lost[topic], order[topic]))
    return tuple(
        Point(
            topic=topic,
            name=blueprint.topic(topic).name,
            tally=tallies[topic],
            response_id=last.response_id,
            case_version_id=last.case_version_id,
        )
        for topic in missed[:POINTS]
        for last in [_missed_last(of[topic])]
    )


def _missed_last(facts: Sequence[Fact]) -> Fact:
    missed = [fact for fact in facts if fact.credit != 1]
    return max(missed, key=lambda fact: (fact.submitted_at, -fact.credit, fact.item_id))


def strengths(lines: Sequence[ApproachProgress]) -> list[ApproachProgress]:
    """Return the approaches that are surely above another one."""
    return [one for one in lines if any(is_above(one.recent, other.recent) for other in lines)]


def gaps(lines: Sequence[ApproachProgress]) -> list[ApproachProgress]:
    """Return the approaches that are surely below another one, or below what is wanted."""
    return [
        one
        for one in lines
        if one.is_weak or any(is_above(other.recent, one.recent) for other in lines)
    ]


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], str]) -> defaultdict[str, list[Fact]]:
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return groups
