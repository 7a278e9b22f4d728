"""Rules on the bank as a whole."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import erfc, exp, fsum, gamma, lgamma, log, log1p, sqrt

from question_bank.blueprint import Blueprint
from question_bank.case import Case
from question_bank.coverage import level_shares, of_track, topic_coverage, value_coverage
from question_bank.items.single_best_answer import SingleBestAnswer
from question_bank.rules.alike import pairs_alike
from question_bank.rules.base import BankHit
from question_bank.rules.figures import figure
from question_bank.rules.telling import ALIKE, told_by

RARE = 0.01
"""A chance below this is not taken for chance."""

NEGLIGIBLE = -46.0
"""The logarithm of a chance, 1e-20, below which it changes no sum."""

FORM = 40
"""Items of the form that the bank should be able to fill."""


def key_length_by_chance(cases: Sequence[Case], _blueprint: Blueprint) -> Iterator[BankHit]:
    """L08: keys are the longest option about as often as by chance. Pham 2018."""
    items = _worded(cases)
    longest = sum(_is_longest(item) for item in items)
    chance = at_least(longest, [1 / len(item.options) for item in items])
    if chance < RARE:
        yield BankHit(
            f"the key is the longest option in {longest} of {len(items)} items",
            "shorten keys, or lengthen distractors, until about one in four is the longest",
        )


def _worded(cases: Iterable[Case]) -> list[SingleBestAnswer]:
    items = [item for case in cases for item in case.questions]
    return [
        item
        for item in items
        if isinstance(item, SingleBestAnswer)
        and not all(figure(option.text) for option in item.options)
    ]


def _is_longest(item: SingleBestAnswer) -> bool:
    lengths = {option.key: 0 for option in item.options}
    for option in item.options:
        lengths[option.key] = max(lengths[option.key], len(option.text))
    return lengths[True] > lengths[False]


def at_least(count: int, chances: Sequence[float]) -> float:
    """Return the chance of *count* successes or more in independent trials. Poisson binomial."""
    first, exactly = 0, [1.0]
    for chance, trials in Counter(chances).items():
        start, more = _binomial(trials, chance)
        first += start
        joint = [0.0] * (len(exactly) + len(more) - 1)
        for n, p in enumerate(exactly):
            for m, q in enumerate(more, start=n):
                joint[m] += p * q
        exactly = joint
    return min(1.0, fsum(exactly[max(count - first, 0) :]))


def _binomial(trials: int, chance: float) -> tuple[int, list[float]]:
    """Return the chances of so many successes and more, from the first that is not negligible."""
    logs = [
        lgamma(trials + 1)
        - lgamma(n + 1)
        - lgamma(trials - n + 1)
        + n * log(chance)
        + (trials - n) * log1p(-chance)
        for n in range(trials + 1)
    ]
    told = [n for n, each in enumerate(logs) if each > NEGLIGIBLE]
    return told[0], [exp(logs[n]) for n in range(told[0], told[-1] + 1)]


def key_places_balanced(cases: Sequence[Case], _blueprint: Blueprint) -> Iterator[BankHit]:
    """L31: as they are written, keys stand in every place about equally often. Chi-square."""
    items = _worded(cases)
    places = max((len(item.options) for item in items), default=0)
    seen, expected = [0] * places, [0.0] * places
    for item in items:
        seen[next(n for n, option in enumerate(item.options) if option.key)] += 1
        for n in range(len(item.options)):
            expected[n] += 1 / len(item.options)
    distance = sum((s - e) ** 2 / e for s, e in zip(seen, expected, strict=True))
    if places > 1 and chi_square_tail(distance, places - 1) < RARE:
        yield BankHit(
            f"keys stand first, second and so on {', '.join(map(str, seen))} times",
            "move keys to the places that have few",
        )


def chi_square_tail(x: float, df: int) -> float:
    """Return the chance of *x* or more under chi-square. Abramowitz and Stegun 26.4.4, 26.4.5."""
    tail, step = (exp(-x / 2), 2) if df % 2 == 0 else (erfc(sqrt(x / 2)), 1)
    while step < df:
        tail += (x / 2) ** (step / 2) * exp(-x / 2) / gamma(step / 2 + 1)
        step += 2
    return tail


def no_near_duplicates(cases: Sequence[Case], _blueprint: Blueprint) -> Iterator[BankHit]:
    """L32: no two cases tell nearly the same. House rule."""
    told = [told_by(case) for case in cases]
    for first, second, alike in pairs_alike(told, ALIKE):
        one, other = cases[first].slug, cases[second].slug
        yield BankHit(
            f"it shares {alike:.0%} of its vignette and lead-ins with “{one}”",
            "make one of the two another patient, or drop it",
            case=other,
            other=one,
        )


def topics_covered(cases: Sequence[Case], blueprint: Blueprint) -> Iterator[BankHit]:
    """C01: every topic has the items that a form of 40 wants of it. Blueprint."""
    for track in blueprint.tracks:
        for row in topic_coverage(cases, blueprint, track.id, FORM):
            if row.gap:
                yield BankHit(
                    f"{track.id}: {row.topic} has {row.items} items of the {row.wanted} that a "
                    f"form of {FORM} wants",
                    "write a case",
                )


def floors_reached(cases: Sequence[Case], blueprint: Blueprint) -> Iterator[BankHit]:
    """C02: in every track each value of a dimension reaches its floor. Blueprint."""
    for track in blueprint.tracks:
        for row in value_coverage(of_track(cases, track.id), blueprint):
            if row.share < row.floor:
                yield BankHit(
                    f"{track.id}: {row.value} is carried by {_percent(row.share)} % of cases, "
                    f"its floor is {_percent(row.floor)} %",
                    "write a case that carries it, or tag those that do",
                )


def levels_in_proportion(cases: Sequence[Case], blueprint: Blueprint) -> Iterator[BankHit]:
    """C03: cognitive levels are within 15 points of their shares. Blueprint."""
    for track in blueprint.tracks:
        for row in level_shares(cases, blueprint, track.id):
            if row.items and abs(row.share - row.wanted) > 15:
                yield BankHit(
                    f"{track.id}: {_percent(row.share)} % of items are {row.level}, "
                    f"wanted are {_percent(row.wanted)} %",
                    "write cases of the level that is short",
                )


def _percent(share: Fraction) -> int:
    return int(share)
