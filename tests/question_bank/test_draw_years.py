"""Draws from the starter bank, at every ordinary size and over a whole year."""

from collections import Counter
from fractions import Fraction
from functools import cache

import pytest

from question_bank.assembly import GivenItem, History, PoolItem, assemble
from question_bank.blueprint import parse_blueprint
from question_bank.formats.native import read_case
from tests.question_bank.builders import CONTENT, blueprint_text
from tests.question_bank.draws import given_of

PLAN = parse_blueprint(blueprint_text())
TRACKS = ("ipm", "fm")
TOPICS = {each.id: {topic.id for topic in each.topics} for each in PLAN.approaches}


@cache
def starter_pool(track: str) -> tuple[PoolItem, ...]:
    files = [
        file for each in PLAN.approaches for file in sorted((CONTENT / each.id).glob("*.yaml"))
    ]
    cases = [read_case(file.read_text("utf-8"), file.name) for file in files]
    return tuple(
        PoolItem(10 * number + place, number, case.topic, case.unfolds)
        for number, case in enumerate(cases)
        for place, item in enumerate(case.questions)
        if item.use == "scored" and track in case.tracks
    )


def off(approach: str, given: list[GivenItem], track: str) -> Fraction:
    weight = sum(PLAN.topic(topic).weights[track] for topic in TOPICS[approach])
    has = sum(each.topic in TOPICS[approach] for each in given)
    return has - Fraction(weight * len(given), 100)


def unused(approach: str, track: str, given: list[GivenItem]) -> list[PoolItem]:
    had = {each.case_id for each in given}
    pool = starter_pool(track)
    return [item for item in pool if item.topic in TOPICS[approach] and item.case_id not in had]


def smallest_whole(approach: str, track: str, given: list[GivenItem]) -> int:
    sizes = Counter(item.case_id for item in unused(approach, track, given) if item.whole)
    return min(sizes.values(), default=1)


@pytest.mark.parametrize("track", TRACKS)
def test_a_first_quiz_of_4_to_60_items_is_within_an_item_of_the_blueprint(track: str) -> None:
    for n in range(4, 61):
        form = assemble(n, track, PLAN, starter_pool(track))

        given = given_of(list(form.items), 1)
        assert len(given) == n
        for approach in TOPICS:
            assert abs(off(approach, given, track)) <= 1, (n, approach)


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize("n", [7, 12, 20])
def test_a_year_of_20_quizzes_keeps_to_the_blueprint_and_repeats_nothing_early(
    track: str, n: int
) -> None:
    given: list[GivenItem] = []
    for quiz in range(20):
        before = list(given)
        form = assemble(n, track, PLAN, starter_pool(track), History(before), seed=quiz)
        given += given_of(list(form.items), quiz)

        slack = max(1, *(smallest_whole(each, track, before) for each in TOPICS))
        had = {each.case_id for each in before}
        for approach, topics in TOPICS.items():
            assert abs(off(approach, given, track)) <= slack, (quiz, approach)
            repeats = [i for i in form.items if i.topic in topics and i.case_id in had]
            assert not repeats or not unused(approach, track, given), (quiz, approach)


@pytest.mark.parametrize("track", TRACKS)
def test_with_cases_enough_each_topic_is_within_a_case_of_its_share(track: str) -> None:
    topics = [topic.id for topic in PLAN.topics for _ in range(20)]
    pool = [PoolItem(n, n // 3, topics[n // 3]) for n in range(3 * len(topics))]
    given: list[GivenItem] = []
    for quiz in range(20):
        form = assemble(12, track, PLAN, pool, History(given), seed=quiz)
        given += given_of(list(form.items), quiz)

        for topic in PLAN.topics:
            due = Fraction(topic.weights[track] * len(given), 100)
            assert abs(sum(each.topic == topic.id for each in given) - due) <= 3, (quiz, topic.id)


def is_due(topic: str, track: str, n: int) -> bool:
    """Return whether a topic's share of *n* items is as large as the smallest that is asked of it.

    A case that unfolds is asked whole, so a smaller share may have to wait for more quizzes.
    """
    items = [item for item in starter_pool(track) if item.topic == topic]
    sizes = Counter(item.case_id for item in items)
    smallest = min(sizes[item.case_id] if item.whole else 1 for item in items)
    return PLAN.topic(topic).weights[track] * n >= 100 * smallest


@pytest.mark.parametrize("track", TRACKS)
def test_a_year_of_20_quizzes_spreads_over_cases_and_topics(track: str) -> None:
    given: list[GivenItem] = []
    for quiz in range(20):
        form = assemble(12, track, PLAN, starter_pool(track), History(given), seed=quiz)
        given += given_of(list(form.items), quiz)

    times = History(given).cases
    for approach, topics in TOPICS.items():
        cases = {i.case_id for i in starter_pool(track) if i.topic in topics}
        counts = [times[case_id] for case_id in cases]
        assert max(counts) - min(counts) <= 1, approach
    had = {each.topic for each in given}
    assert [
        topic
        for topic in {topic.id for topic in PLAN.topics} - had
        if is_due(topic, track, len(given))
    ] == []
