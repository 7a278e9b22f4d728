"""Drawing the items of a quiz by the blueprint, with the gaps named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.blueprint import Blueprint


@dataclass(frozen=True)
class PoolItem:
    """An item that may be drawn. `whole`: only with all other items of its case."""

    item_id: int
    case_id: int
    topic: str
    whole: bool = False


@dataclass(frozen=True)
class Gap:
    """What a topic could not supply.

    `wanted` is its share of the quiz, `found` what the pool had of it. The rest was filled
    from the topics in `filled_from`; `short` items could not be filled at all.
    """

    topic: str
    wanted: int
    found: int
    filled_from: tuple[str, ...]
    short: int


@dataclass(frozen=True)
class Form:
    """The items drawn, those of one case side by side, and every gap."""

    items: tuple[PoolItem, ...]
    gaps: tuple[Gap, ...]


def assemble(
    n: int,
    track: str,
    blueprint: Blueprint,
    pool: Sequence[PoolItem],
    least_recent: Sequence[str] = (),
) -> Form:
    """Return a form of at most *n* items for *track*.

    Topics get their share by `apportion`. A case that unfolds is asked whole or not at all, and
    few topics have seats enough for one: in each approach one such case, of the topic seen
    longest ago whose turn it is, takes what it needs from the approach's other topics. Then a
    topic takes whole cases where they fit, and the first items of the next case. What a topic
    lacks comes from the other topics of the same approach, the heaviest first; what they
    lack too shortens the form.

    Args:
        n: How many items are wanted.
        track: The id of a track of *blueprint*.
        blueprint: The weights.
        pool: What may be drawn; what stands first is preferred.
        least_recent: Topics, those least recently seen first, to settle ties.

    Raises:
        KeyError: *blueprint* has no such track.
    """
    weights = _weights(track, blueprint)
    seats = apportion(n, weights, least_recent)
    shelves = {topic: _Shelf(pool, topic) for topic in weights}
    rank = {topic: place for place, topic in enumerate(dict.fromkeys([*least_recent, *weights]))}
    for approach in blueprint.approaches:
        due = sorted((t.id for t in approach.topics if seats[t.id]), key=lambda t: rank[t])
        _make_room(due, seats, shelves)
    lacks = {topic: seats[topic] - shelves[topic].take(seats[topic]) for topic in weights}
    gaps = []
    for topic, lack in lacks.items():
        if lack:
            others = _neighbors(topic, blueprint, weights)
            filled, still = _fill(lack, others, shelves)
            gaps.append(Gap(topic, seats[topic], seats[topic] - lack, filled, still))
    items = tuple(item for shelf in shelves.values() for item in shelf.taken_in_order())
    return Form(items, tuple(gaps))


def _weights(track: str, blueprint: Blueprint) -> dict[str, int]:
    if all(each.id != track for each in blueprint.tracks):
        raise KeyError(track)
    return {topic.id: topic.weights.get(track, 0) for topic in blueprint.topics}


def _make_room(due: Sequence[str], seats: dict[str, int], shelves: "dict[str, _Shelf]") -> None:
    """Give one case that unfolds its seats, from those of *due* that were seen most recently."""
    for topic in due:
        needed = shelves[topic].next_whole - seats[topic]
        lenders = [other for other in reversed(due) if other != topic]
        if 0 < needed <= sum(seats[other] for other in lenders):
            for other in lenders:
                lent = min(needed, seats[other])
                seats[other] -= lent
                seats[topic] += lent
                needed -= lent
            return


class _Shelf:
    """The items of one topic, by case, and which of them are taken."""

    def __init__(self, pool: Iterable[PoolItem], topic: str) -> None:
        self._cases: dict[int, list[PoolItem]] = {}
        for item in pool:
            if item.topic == topic:
                self._cases.setdefault(item.case_id, []).append(item)
        self._taken: dict[int, int] = dict.fromkeys(self._cases, 0)

    @property
    def next_whole(self) -> int:
        """How many items the preferred case has, if it is asked whole; else 0."""
        first = next(iter(self._cases.values()), [])
        return len(first) if first and first[0].whole else 0

    def take(self, wanted: int) -> int:
        """Take up to *wanted* further items; return how many there were."""
        left = wanted
        for case_id, items in self._cases.items():
            if self._taken[case_id] == 0 and len(items) <= left:
                self._taken[case_id] = len(items)
                left -= len(items)
        for case_id, items in self._cases.items():
            if items[0].whole:
                continue
            more = min(left, len(items) - self._taken[case_id])
            self._taken[case_id] += more
            left -= more
        return wanted - left

    def taken_in_order(self) -> Iterator[PoolItem]:
        """Yield what is taken, case by case."""
        for case_id, items in self._cases.items():
            yield from items[: self._taken[case_id]]


def _neighbors(topic: str, blueprint: Blueprint, weights: Mapping[str, int]) -> list[str]:
    approach = blueprint.approach_of(topic)
    others = [t.id for t in blueprint.topics if t.id != topic]
    same = [other for other in others if blueprint.approach_of(other) == approach]
    return sorted(same, key=lambda other: -weights[other])


def _fill(
    lack: int, others: Iterable[str], shelves: Mapping[str, _Shelf]
) -> tuple[tuple[str, ...], int]:
    filled = []
    for other in others:
        got = shelves[other].take(lack)
        if got:
            filled.append(other)
            lack -= got
    return tuple(filled), lack


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
