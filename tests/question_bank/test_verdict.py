"""The verdict on a fellow, what would settle it, and how often it is right."""

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import verdict as rule
from question_bank.analysis.beta import beta_below
from question_bank.analysis.silence import Span, silent_for
from question_bank.scoring import Tally
from question_bank.settling import Need, needs_of
from question_bank.verdict import (
    Evidence,
    VerdictPolicy,
    chance_below,
    chance_of,
    verdict,
)

POLICY = VerdictPolicy()

APPROACHES = ("pharmacological", "interventional", "rehabilitative", "psychological")


def of(correct: float, items: int) -> Tally:
    return Tally(Fraction(correct).limit_denominator(10), items)


def evidence(*tallies: tuple[float, int], **more: object) -> Evidence:
    """Return evidence with these tallies, x of n, of the approaches in their order."""
    padded = [*tallies, *[(0, 0)] * (len(APPROACHES) - len(tallies))]
    approaches = {name: of(*each) for name, each in zip(APPROACHES, padded, strict=True)}
    return Evidence(approaches, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("correct", "items", "chance"),
    [
        (9, 10, 0.1185), (40, 80, 0.9998), (0, 9, 0.9992), (5, 5, 0.1401), (3.3, 11, 0.9813),
        (12, 13, 0.0576), (14, 20, 0.478), (8, 20, 0.9905), (0, 0, 0.4584),
    ],
)  # fmt: skip
def test_the_chance_of_a_share_below_the_line(correct: float, items: int, chance: float) -> None:
    assert chance_below(of(correct, items), 70) == pytest.approx(chance, abs=0.00005)


@given(st.floats(0.01, 0.99), st.integers(1, 60), st.integers(1, 60))
def test_whole_beta_distributions_are_sums_of_binomial_chances(x: float, a: int, b: int) -> None:
    n = a + b - 1
    exact = sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))

    assert beta_below(x, a, b) == pytest.approx(exact, abs=1e-10)


@given(st.integers(0, 1024), st.floats(0.5, 300), st.floats(0.5, 300))
def test_a_share_lies_below_or_above(parts: int, a: float, b: float) -> None:
    x = parts / 1024  # of which a computer knows exactly what is missing to one
    assert 0 <= beta_below(x, a, b) <= 1
    assert beta_below(x, a, b) == pytest.approx(1 - beta_below(1 - x, b, a), abs=1e-10)


@given(st.integers(50, 90), st.integers(0, 60), st.data())
def test_another_right_answer_never_raises_the_chance_and_a_wrong_one_never_lowers_it(
    line: int, items: int, data: st.DataObject
) -> None:
    correct = data.draw(st.integers(0, items))
    chance = chance_below(of(correct, items), line)

    assert chance_below(of(correct + 1, items + 1), line) <= chance + 1e-12
    assert chance_below(of(correct, items + 1), line) >= chance - 1e-12
    assert 0.25 < chance_below(of(0, 0), line) < 0.55


@pytest.mark.parametrize(
    ("given_", "state", "reasons"),
    [
        pytest.param(evidence(), "too little to say", [], id="no answers at all"),
        pytest.param(evidence((0, 9)), "talk", ["share", "approach"], id="0 of 9"),
        pytest.param(
            evidence((10, 20), (10, 20), (10, 20), (10, 20)), "talk", ["share", "approach"],
            id="40 of 80",
        ),
        pytest.param(evidence((18, 20), unsafe=3), "talk", ["unsafe"], id="90 % and harm"),
        pytest.param(evidence((18, 20), late=1), "talk", ["late"], id="90 % and late"),
        pytest.param(evidence((18, 20)), "fine", [], id="90 %"),
        pytest.param(evidence((9, 9)), "too little to say", [], id="9 of 9"),
        pytest.param(evidence((10, 10)), "fine", [], id="10 of 10"),
        pytest.param(evidence((17, 24)), "too little to say", [], id="at the line"),
        pytest.param(evidence((0, 7)), "too little to say", [], id="0 of 7"),
        pytest.param(evidence((0, 8)), "talk", ["share", "approach"], id="0 of 8"),
        pytest.param(
            evidence((30, 30), (0, 0), (0, 0), (2, 6)), "too little to say", [],
            id="one approach to look at",
        ),
        pytest.param(
            evidence((30, 30), (0, 0), (0, 0), (0, 3)), "fine", [], id="and one of few answers"
        ),
        pytest.param(evidence((60, 60), (3, 8)), "talk", ["approach"], id="one weak approach"),
        pytest.param(
            evidence((18, 20), silent=timedelta(days=21)), "talk", ["silent"], id="silent"
        ),
        pytest.param(
            evidence((18, 20), silent=timedelta(days=21, seconds=-1)), "fine", [],
            id="not yet silent",
        ),
    ],
)  # fmt: skip
def test_the_three_states_and_their_reasons(
    given_: Evidence, state: str, reasons: list[str]
) -> None:
    found = verdict(given_, POLICY)

    assert (found.state, [str(reason) for reason in found.reasons]) == (state, reasons)


def test_what_is_to_be_looked_at_is_named_in_every_state() -> None:
    fine = verdict(evidence((30, 30), (0, 0), (0, 0), (0, 3)), POLICY)
    talk = verdict(evidence((60, 60), (3, 8)), POLICY)

    assert (fine.state, fine.look_at, fine.blocked_by) == ("fine", ("psychological",), ())
    assert (talk.look_at, talk.talk_about) == (("interventional",), ("interventional",))


def test_another_line_moves_the_mean_of_the_prior() -> None:
    seen = evidence((32, 40))

    states = [str(verdict(seen, VerdictPolicy(line=line)).state) for line in (50, 70, 80, 90)]

    assert states == ["fine", "fine", "too little to say", "talk"]
    assert chance_of(0, 0, 90) == pytest.approx(beta_below(0.9, 7.2, 0.8))


@pytest.mark.parametrize(
    ("given_", "needs"),
    [
        pytest.param(evidence((5, 6)), [Need(None, 5)], id="5 of 6"),
        pytest.param(evidence((17, 24)), [Need(None, None)], id="17 of 24: nothing soon"),
        pytest.param(evidence((45, 62)), [Need(None, None)], id="45 of 62 needs 155"),
        pytest.param(evidence(), [Need(None, 10)], id="nothing yet"),
        pytest.param(evidence((18, 20)), [], id="fine"),
        pytest.param(
            evidence((40, 42), (7, 18)), [Need("interventional", 27, 8)], id="7 of 18 in one"
        ),
        pytest.param(evidence((40, 80)), [Need(None, None, 8), Need("pharmacological", None, 8)],
                     id="40 of 80: nothing soon"),
        pytest.param(
            evidence((30, 30), (0, 0), (0, 0), (2, 6)), [Need("psychological", 5, 8)],
            id="2 of 6 stands against fine",
        ),
    ],
)  # fmt: skip
def test_what_would_settle_it(given_: Evidence, needs: list[Need]) -> None:
    assert list(needs_of(verdict(given_, POLICY))) == needs


@given(st.lists(st.integers(0, 12).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=4, max_size=4))  # fmt: skip
def test_what_would_settle_the_whole_does_and_one_answer_less_does_not(counts) -> None:
    found = verdict(evidence(*counts), POLICY)
    for need in needs_of(found):
        total = found.evidence.total
        if need.approach or need.tenths or not need.more or total.share is None:
            continue
        ends = []
        for more in (need.more - 1, need.more):
            items = total.items + more
            chance = chance_of(float(total.correct + total.share * more), items, POLICY.line)
            ends.append((items >= 10 and chance <= 0.2) or (items >= 8 and chance >= 0.8))
        assert ends == [False, True]


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def days(first: int, last: int) -> Span:
    return Span(NOON + timedelta(days=first), NOON + timedelta(days=last))


@pytest.mark.parametrize(
    ("last", "was_open", "away", "silent"),
    [
        pytest.param(None, [days(0, 10)], [], 10, id="open for ten days"),
        pytest.param(4, [days(0, 10)], [], 6, id="since the last answer"),
        pytest.param(None, [days(0, 10), days(5, 12)], [], 12, id="what overlaps counts once"),
        pytest.param(None, [days(0, 5), days(10, 12)], [], 7, id="gaps do not count"),
        pytest.param(None, [days(0, 10)], [days(2, 5), days(4, 6)], 6, id="leave does not count"),
        pytest.param(None, [days(25, 40)], [], 5, id="nor what is to come"),
        pytest.param(12, [days(0, 10)], [], 0, id="closed since"),
        pytest.param(None, [], [days(0, 9)], 0, id="nothing open"),
    ],
)
def test_for_how_long_a_fellow_was_silent(last, was_open, away, silent: int) -> None:
    moment = None if last is None else NOON + timedelta(days=last)

    found = silent_for(moment, was_open, away, NOON + timedelta(days=30))

    assert found == timedelta(days=silent)


# How often the rule is right: the tables of its docstring, worked out again.

SHARED_AS = {10: (2, 5, 2, 1), 20: (5, 9, 3, 3), 40: (10, 18, 6, 6), 80: (20, 36, 12, 12)}


@cache
def chance(correct: int, items: int) -> float:
    return chance_below(of(correct, items), POLICY.line)


def flag_of(correct: int, items: int) -> int:
    """Return 2 where an approach asks for a word, 1 where it stands against fine, else 0."""
    seen = chance(correct, items)
    return 2 if items >= 8 and seen >= 0.9 else 1 if items >= 4 and seen >= 0.8 else 0


def exactly(sizes: tuple[int, ...], shares: tuple[float, ...]) -> tuple[float, float]:
    """Return how often shares alone lead to talk and to fine, by summing over all outcomes."""
    known = Counter({(0, 0): 1.0})
    for items, share in zip(sizes, shares, strict=True):
        after: Counter[tuple[int, int]] = Counter()
        for (right, worst), weight in known.items():
            for correct in range(items + 1):
                binomial = comb(items, correct) * share**correct * (1 - share) ** (items - correct)
                key = (right + correct, max(worst, flag_of(correct, items)))
                after[key] += weight * binomial
        known = after
    total, ends = sum(sizes), Counter[str]()
    for (right, worst), weight in known.items():
        if worst == 2 or chance(right, total) >= 0.8:
            ends["talk"] += weight
        elif worst == 0 and chance(right, total) <= 0.2:
            ends["fine"] += weight
    return ends["talk"], ends["fine"]


def tables() -> list[tuple[int, tuple[float, ...], str]]:
    """Return what the docstring says: n, the true shares by approach, and talk/fine as written."""
    said: list[tuple[int, tuple[float, ...], str]] = []
    evenly = [(share,) * 4 for share in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9)]
    one_weak = [(0.85, 0.5, 0.85, 0.85), (0.85, 0.85, 0.85, 0.4)]
    for line in (rule.__doc__ or "").splitlines():
        cells = line.split()
        if len(cells) in (3, 7) and cells[0].isdecimal() and "/" in cells[1]:
            columns = evenly if len(cells) == 7 else one_weak
            said += [(int(cells[0]), *pair) for pair in zip(columns, cells[1:], strict=True)]
    return said


@pytest.mark.parametrize("items", SHARED_AS)
def test_the_docstring_says_how_often_shares_alone_lead_to_talk_and_to_fine(items: int) -> None:
    rows = [row for row in tables() if row[0] == items]

    assert len(rows) == 8
    for _, shares, said in rows:
        talk, fine = exactly(SHARED_AS[items], shares)
        assert f"{talk:.3f}/{fine:.3f}" == said, shares


@pytest.mark.parametrize("seen", [(1, 2, 0, 1), (2, 4, 2, 1), (0, 3, 1, 0)])
def test_the_tables_are_those_of_the_rule_itself(seen: tuple[int, ...]) -> None:
    sizes = SHARED_AS[10]
    counted = tuple(min(each, size) for each, size in zip(seen, sizes, strict=True))
    found = verdict(evidence(*zip(counted, sizes, strict=True)), POLICY)

    flags = [flag_of(correct, items) for correct, items in zip(counted, sizes, strict=True)]
    whole = chance(sum(counted), 10)
    state = (
        "talk" if 2 in flags or whole >= 0.8 else "fine" if whole <= 0.2 and 1 not in flags else ""
    )
    assert found.state == (state or "too little to say")


def half_a_year(share: float, chances: random.Random) -> bool:
    """Return whether any of 26 weekly mails says talk of who gets *share* of all items right."""
    answers = [
        (place, int(chances.random() < share))
        for place in chances.choices(range(4), (25, 45, 15, 15), k=26 * 5)
    ]
    items, right = [0] * 4, [0] * 4
    for number, (place, credit) in enumerate(answers, start=1):
        items[place] += 1
        right[place] += credit
        if number > 40:
            gone, lost = answers[number - 41]
            items[gone] -= 1
            right[gone] -= lost
        if number % 5 == 0 and (
            any(flag_of(*pair) == 2 for pair in zip(right, items, strict=True))
            or (number >= 8 and chance(sum(right), sum(items)) >= 0.8)
        ):
            return True
    return False


def test_the_docstring_says_how_often_half_a_year_of_mails_asks_for_a_word() -> None:
    said = re.search(r"a true 70%/80%/85%/90%: ([\d./]+)\.$", rule.__doc__ or "", re.MULTILINE)
    chances = random.Random(20261130)
    assert said is not None
    for share, written in zip((0.7, 0.8, 0.85, 0.9), said[1].split("/"), strict=True):
        runs = 800
        talks = sum(half_a_year(share, chances) for _ in range(runs)) / runs
        assert talks == pytest.approx(float(written), abs=0.03), share
