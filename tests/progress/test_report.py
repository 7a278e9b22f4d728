"""Arithmetic on facts: hand-made examples, and laws that hold for any facts."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import figures
from lms.program.blueprint import blueprint
from lms.progress import wording
from question_bank.analysis.progress import (
    SPANS,
    WINDOW,
    ApproachProgress,
    Fact,
    approach_lines,
    gaps,
    is_above,
    level_lines,
    strengths,
    sum_up,
    talking_points,
    topic_groups,
    window_start,
)
from question_bank.scoring import Tally
from tests.progress.factories import EPIDURAL, INTV, PHARM, REHAB

UNTIL = datetime(2026, 11, 23, 5, tzinfo=UTC)


TOPICS = [topic.id for topic in blueprint().topics]

LEVELS = list(blueprint().level_names)


def make_fact(
    topic: str = PHARM,
    credit: Fraction | int = 1,
    at: datetime = UNTIL - timedelta(days=1),
    item: int = 1,
    version: int = 1,
    level: str = "application",
) -> Fact:
    return Fact(
        fellow_id=1,
        attempt_id=1,
        response_id=item,
        item_id=item,
        case_version_id=version,
        approach=blueprint().approach_of(topic),
        topic=topic,
        level=level,
        credit=Fraction(credit),
        submitted_at=at,
        handed_in_at=at,
        news_at=at,
        stands_since=at,
        key_at=at,
    )


def make_facts(topic: str, right: int, items: int, **where: datetime) -> list[Fact]:
    return [make_fact(topic, int(place < right), **where) for place in range(items)]


def line_of(facts: list[Fact], approach: str) -> ApproachProgress:
    lines = approach_lines(facts, blueprint(), UNTIL - WINDOW, UNTIL, line=70)
    return next(line for line in lines if line.approach == approach)


facts = st.lists(
    st.builds(
        make_fact,
        topic=st.sampled_from(TOPICS),
        credit=st.fractions(0, 1, max_denominator=6),
        at=st.integers(0, 182 * 24 * 60).map(lambda m: UNTIL + timedelta(days=7, minutes=-m)),
        item=st.integers(1, 40),
        version=st.integers(1, 9),
        level=st.sampled_from(LEVELS),
    ),
    max_size=60,
)


@given(facts)
def test_topics_sum_up_to_their_approach_and_approaches_to_the_whole(facts: list[Fact]) -> None:
    groups = topic_groups(facts, blueprint())

    for group in groups:
        assert group.tally.items == sum(line.tally.items for line in group.lines)
        assert group.tally.correct == sum(line.tally.correct for line in group.lines)
    whole = sum_up(facts)
    assert whole.items == len(facts) == sum(group.tally.items for group in groups)
    assert whole.correct == sum(group.tally.correct for group in groups)


@given(facts)
def test_levels_sum_up_to_the_whole(facts: list[Fact]) -> None:
    lines = level_lines(facts, blueprint())

    assert [line.level for line in lines] == LEVELS
    assert sum(line.tally.items for line in lines) == len(facts)
    assert sum(line.tally.correct for line in lines) == sum_up(facts).correct


def test_each_level_has_the_answers_to_its_own_items() -> None:
    known = [make_fact(credit=1, level="recall")] * 3
    weighed = [make_fact(credit=place % 2, level="judgement") for place in range(10)]

    lines = {line.level: line.tally for line in level_lines([*known, *weighed], blueprint())}

    assert lines["recall"] == Tally(Fraction(3), 3)
    assert lines["judgement"] == Tally(Fraction(5), 10)
    assert lines["application"] == Tally(Fraction(0), 0)


@given(facts)
def test_both_windows_and_nothing_else_are_counted(facts: list[Fact]) -> None:
    lines = approach_lines(facts, blueprint(), UNTIL - WINDOW, UNTIL, line=70)

    now = [fact for fact in facts if UNTIL - WINDOW <= fact.submitted_at < UNTIL]
    before = [fact for fact in facts if UNTIL - 2 * WINDOW <= fact.submitted_at < UNTIL - WINDOW]
    assert sum(line.recent.items for line in lines) == len(now)
    assert sum(line.recent.correct for line in lines) == sum(fact.credit for fact in now)
    assert sum(line.before.items for line in lines) == len(before)
    assert all(len(line.trend) == SPANS for line in lines)


@given(facts, st.randoms())
def test_the_order_of_facts_does_not_matter(facts: list[Fact], chance) -> None:
    mixed = list(facts)
    chance.shuffle(mixed)

    since = UNTIL - WINDOW
    assert approach_lines(mixed, blueprint(), since, UNTIL, line=70) == approach_lines(
        facts, blueprint(), since, UNTIL, line=70
    )
    assert window_start(mixed, UNTIL) == window_start(facts, UNTIL)
    assert topic_groups(mixed, blueprint()) == topic_groups(facts, blueprint())
    names = [
        [point.topic for point in talking_points(some, blueprint())] for some in (facts, mixed)
    ]
    assert names[0] == names[1]


@given(facts)
def test_no_share_is_drawn_below_ten_items(facts: list[Fact]) -> None:
    for line in approach_lines(facts, blueprint(), UNTIL - WINDOW, UNTIL, line=70):
        if line.recent.items < 10:
            assert not line.is_weak
            assert "%" not in figures.say_figure(line.recent)
        assert (
            sum(share is not None for share in line.trend)
            <= (line.recent.items + line.before.items) // 10
        )


@given(facts)
def test_only_missed_items_are_talked_about(facts: list[Fact]) -> None:
    points = talking_points(facts, blueprint())

    assert len(points) <= 3
    for point in points:
        missed = [fact for fact in facts if fact.topic == point.topic and fact.credit < 1]
        assert point.case_version_id in {fact.case_version_id for fact in missed}
        assert point.tally.correct < point.tally.items


def test_a_trend_has_a_point_where_a_span_has_ten_items() -> None:
    facts = make_facts(PHARM, 5, 10, at=UNTIL - timedelta(weeks=15))
    facts += make_facts(PHARM, 9, 9, at=UNTIL - timedelta(weeks=10))
    facts += make_facts(PHARM, 12, 12, at=UNTIL - timedelta(days=1))

    assert line_of(facts, "pharmacological").trend == (Fraction(1, 2), None, None, Fraction(1))


def test_the_window_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    facts = [
        make_fact(at=UNTIL),
        make_fact(at=UNTIL - timedelta(microseconds=1)),
        make_fact(at=UNTIL - WINDOW),
        make_fact(at=UNTIL - WINDOW - timedelta(microseconds=1)),
    ]

    line = line_of(facts, "pharmacological")

    assert (line.recent.items, line.before.items) == (2, 1)


@pytest.mark.parametrize(
    ("right", "items", "weak"),
    [
        pytest.param(21, 40, True, id="the whole interval below 70%"),
        pytest.param(23, 40, False, id="the interval reaches 70%"),
        pytest.param(0, 9, False, id="too few items"),
        pytest.param(3, 10, True, id="ten are enough"),
    ],
)
def test_an_approach_is_weak_only_if_its_interval_says_so(
    right: int, items: int, weak: bool
) -> None:
    assert line_of(make_facts(INTV, right, items), "interventional").is_weak is weak


@pytest.mark.parametrize(("wanted", "weak"), [(70, False), (71, False), (75, True), (90, True)])
def test_another_line_is_what_the_interval_is_held_against(wanted: int, weak: bool) -> None:
    facts = make_facts(INTV, 24, 40)  # its interval ends at 74 %

    lines = approach_lines(facts, blueprint(), UNTIL - WINDOW, UNTIL, line=wanted)

    (line,) = [line for line in lines if line.approach == "interventional"]
    assert line.is_weak is weak


@pytest.mark.parametrize(
    ("weeks", "start"),
    [
        pytest.param([1], 8, id="eight weeks, if no answer is older"),
        pytest.param([1, 20], 20, id="all, if there are fewer than 40"),
        pytest.param([1] * 39 + [20] * 3 + [30], 20, id="the last 40, with all of their attempt"),
        pytest.param([1] * 40 + [20], 8, id="eight weeks, if they have 40"),
        pytest.param([], 8, id="without answers"),
    ],
)
def test_the_window_is_eight_weeks_or_the_last_40_first_answers(
    weeks: list[int], start: int
) -> None:
    facts = [make_fact(at=UNTIL - timedelta(weeks=each)) for each in weeks]

    assert window_start(facts, UNTIL) == UNTIL - timedelta(weeks=start)
    joined = UNTIL - timedelta(weeks=3)
    assert window_start(facts, UNTIL, joined) == joined


def test_overlapping_intervals_are_not_ranked() -> None:
    assert is_above(Tally(Fraction(41), 50), Tally(Fraction(21), 40))
    assert not is_above(Tally(Fraction(41), 50), Tally(Fraction(18), 24))
    assert not is_above(Tally(Fraction(9), 9), Tally(Fraction(0), 40))


def test_strengths_and_gaps_are_what_may_be_ranked() -> None:
    facts = make_facts(PHARM, 41, 50) + make_facts(INTV, 21, 40) + make_facts(REHAB, 18, 24)
    lines = approach_lines(facts, blueprint(), UNTIL - WINDOW, UNTIL, line=70)

    assert [line.approach for line in strengths(lines)] == ["pharmacological"]
    assert [line.approach for line in gaps(lines)] == ["interventional"]


def test_talking_points_begin_with_what_was_missed_in_the_period() -> None:
    old, new = UNTIL - timedelta(weeks=5), UNTIL - timedelta(days=2)
    fresh = [*make_facts(REHAB, 3, 4, at=new), *make_facts(EPIDURAL, 2, 2, at=new)]
    facts = [
        *make_facts(INTV, 0, 6, at=old),
        *make_facts(PHARM, 4, 6, at=old),
        *make_facts(EPIDURAL, 0, 3, at=old),
        *fresh,
    ]

    points = talking_points(facts, blueprint(), fresh)

    assert [point.topic for point in points] == [REHAB, INTV, EPIDURAL]
    assert [figures.say_count(point.tally) for point in points] == ["3 of 4", "0 of 6", "2 of 5"]


def test_the_case_named_is_the_one_missed_last() -> None:
    facts = [
        make_fact(credit=0, at=UNTIL - timedelta(days=9), version=1),
        make_fact(credit=0, at=UNTIL - timedelta(days=5), version=2),
        make_fact(credit=1, at=UNTIL - timedelta(days=1), version=3),
    ]

    (point,) = talking_points(facts, blueprint())

    assert point.case_version_id == 2


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(Fraction(0), 0), "no items yet"),
        (Tally(Fraction(5), 8), "5 of 8, too few for a share (10 needed)"),
        (Tally(Fraction(14), 20), "14 of 20 (70%, 95% interval 48 to 85%)"),
        (
            Tally(Fraction(41, 2), 40),
            "20.5 of 40 (51%, 95% interval 36 to 66%) with partial credit",
        ),
    ],
)
def test_a_figure_is_said_with_count_and_interval(tally: Tally, words: str) -> None:
    assert figures.say_figure(tally) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.5, "Nov 22, 2026"),
        (7, "Nov 16 to 22, 2026"),
        (30, "Oct 24 to Nov 22, 2026"),
        (365, "Nov 23, 2025 to Nov 22, 2026"),
    ],
)
def test_a_span_is_said_by_its_first_and_last_day(days: int, words: str) -> None:
    since = UNTIL - timedelta(days=days)

    assert wording.say_span(since, UNTIL, "America/New_York") == words
