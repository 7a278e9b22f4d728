"""Sharing a quiz out over topics, and drawing it from the pool."""

from collections import Counter
from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.assembly import Form, Gap, PoolItem, apportion, assemble
from question_bank.blueprint import Blueprint, parse_blueprint
from tests.question_bank.builders import blueprint_text

SHIPPED = parse_blueprint(blueprint_text())
WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)
COUNT = st.integers(0, 60)


def plan_of(**approaches: dict[str, int]) -> Blueprint:
    """Return a blueprint of *approaches*, each with its topics and their weights."""
    return Blueprint.model_validate(
        {
            "version": 1,
            "tracks": [{"id": "ipm", "name": "IPM"}],
            "approaches": [
                {"id": name, "name": name, "topics": [topic_of(*each) for each in topics.items()]}
                for name, topics in approaches.items()
            ],
            "dimensions": [],
            "cognitive_levels": [],
            "competencies": [],
        }
    )


def topic_of(name: str, weight: int) -> dict[str, object]:
    return {
        "id": name, "name": name, "scope": name, "weights": {"ipm": weight}, "competencies": [],
    }  # fmt: skip


PLAN = plan_of(drugs={"a": 50, "b": 30}, needles={"c": 20})


def pool_of(*cases: str) -> list[PoolItem]:
    """Return a pool: of each case the topic, once for every item (`"aaa"`: three of topic a)."""
    items = [(case_id, topic) for case_id, case in enumerate(cases) for topic in case]
    return [PoolItem(number, case_id, topic) for number, (case_id, topic) in enumerate(items)]


def drawn(form: Form) -> list[int]:
    return [item.item_id for item in form.items]


# Apportionment


def test_seats_go_to_the_largest_remainders() -> None:
    """Hamilton's bill of 1792: 120 seats by the census of 1790.

    Balinski ML, Young HP. Fair Representation. Yale, 1982.
    """
    census = {
        "CT": 236_841, "DE": 55_540, "GA": 70_835, "KY": 68_705, "MD": 278_514, "MA": 475_327,
        "NH": 141_822, "NJ": 179_570, "NY": 331_589, "NC": 353_523, "PA": 432_879, "RI": 68_446,
        "SC": 206_236, "VT": 85_533, "VA": 630_560,
    }  # fmt: skip

    assert apportion(120, census) == {
        "CT": 8, "DE": 2, "GA": 2, "KY": 2, "MD": 9, "MA": 16, "NH": 5, "NJ": 6, "NY": 11,
        "NC": 12, "PA": 14, "RI": 2, "SC": 7, "VT": 3, "VA": 21,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("n", "seats"),
    [
        pytest.param(10, {"a": 5, "b": 3, "c": 2}, id="quotas that are whole"),
        pytest.param(0, {"a": 0, "b": 0, "c": 0}, id="no items"),
        pytest.param(1, {"a": 1, "b": 0, "c": 0}, id="one item"),
        pytest.param(4, {"a": 2, "b": 1, "c": 1}, id="remainders 0, 0.2 and 0.8"),
        pytest.param(7, {"a": 4, "b": 2, "c": 1}, id="remainders 0.5, 0.1 and 0.4"),
    ],
)
def test_a_worked_example(n: int, seats: dict[str, int]) -> None:
    assert apportion(n, {"a": 50, "b": 30, "c": 20}) == seats


@pytest.mark.parametrize(
    ("ties", "winner"),
    [
        pytest.param((), "a", id="file order"),
        pytest.param(("c", "a"), "c", id="least recently seen"),
        pytest.param(("b",), "b", id="the only one named"),
        pytest.param(("x", "c"), "c", id="an unknown topic is passed over"),
        pytest.param(("c", "b", "c"), "c", id="named twice, the first time counts"),
    ],
)
def test_a_tie_goes_to_the_least_recently_seen_then_to_file_order(
    ties: tuple[str, ...], winner: str
) -> None:
    seats = apportion(1, {"a": 1, "b": 1, "c": 1}, ties)

    assert [topic for topic, count in seats.items() if count] == [winner]


def test_recency_settles_ties_only() -> None:
    assert apportion(1, {"a": 2, "b": 1}, ("b", "a")) == {"a": 1, "b": 0}


def test_without_weights_nothing_is_given() -> None:
    assert apportion(5, {"a": 0, "b": 0}) == {"a": 0, "b": 0}
    assert apportion(5, {}) == {}


@given(COUNT, WEIGHTS, st.permutations("abcdefgh"))
def test_seats_sum_up_and_keep_the_quota(n: int, weights: dict[str, int], ties: list[str]) -> None:
    seats = apportion(n, weights, ties)
    total = sum(weights.values())

    assert list(seats) == list(weights)
    assert sum(seats.values()) == (n if total else 0)
    for topic, weight in weights.items():
        assert abs(seats[topic] - (Fraction(weight * n, total) if total else 0)) < 1
        assert weight or not seats[topic]


@given(COUNT, WEIGHTS)
def test_a_heavier_topic_never_gets_less(n: int, weights: dict[str, int]) -> None:
    seats = apportion(n, weights)

    by_weight = sorted(weights, key=lambda topic: (weights[topic], seats[topic]))
    counts = [seats[topic] for topic in by_weight]
    assert counts == sorted(counts)


@given(COUNT, WEIGHTS, st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(n: int, weights: dict[str, int], by: int) -> None:
    assert apportion(n, {topic: by * each for topic, each in weights.items()}) == apportion(
        n, weights
    )


# Assembly


def test_whole_cases_that_fit_are_taken_first() -> None:
    pool = pool_of("aaa", "aa", "aa", "b", "c")

    form = assemble(8, "ipm", plan_of(drugs={"a": 100}), pool)
    short = assemble(4, "ipm", plan_of(drugs={"a": 100}), pool)

    assert drawn(form) == [0, 1, 2, 3, 4, 5, 6]
    assert drawn(short) == [0, 1, 2, 3]
    assert [case for case, _ in groupby(item.case_id for item in short.items)] == [0, 1]


def test_a_smaller_case_is_taken_whole_before_a_larger_one_in_part() -> None:
    form = assemble(2, "ipm", plan_of(drugs={"a": 100}), pool_of("aaa", "aa"))

    assert drawn(form) == [3, 4]


def test_topics_get_their_share_in_the_blueprints_order() -> None:
    form = assemble(10, "ipm", PLAN, pool_of("ccc", "bbbb", "aaaaaa"))

    assert Counter(item.topic for item in form.items) == {"a": 5, "b": 3, "c": 2}
    assert [topic for topic, _ in groupby(item.topic for item in form.items)] == ["a", "b", "c"]
    assert form.gaps == ()


def test_ties_are_settled_by_what_was_seen_least_recently() -> None:
    plan = plan_of(drugs={"a": 50, "b": 50})
    pool = pool_of("aa", "bb")

    assert drawn(assemble(1, "ipm", plan, pool)) == [0]
    assert drawn(assemble(1, "ipm", plan, pool, ["b", "a"])) == [2]


def test_a_gap_is_filled_from_the_same_approach_and_named() -> None:
    form = assemble(10, "ipm", PLAN, pool_of("aa", "bbbbbbb", "ccc"))

    assert Counter(item.topic for item in form.items) == {"a": 2, "b": 6, "c": 2}
    assert form.gaps == (Gap("a", wanted=5, found=2, filled_from=("b",), short=0),)


def test_what_the_approach_lacks_shortens_the_form_and_other_approaches_do_not_help() -> None:
    form = assemble(10, "ipm", PLAN, pool_of("aa", "bbbb", "ccccccccc"))

    assert Counter(item.topic for item in form.items) == {"a": 2, "b": 4, "c": 2}
    assert form.gaps == (Gap("a", wanted=5, found=2, filled_from=("b",), short=2),)


def test_the_heaviest_neighbour_fills_first() -> None:
    plan = plan_of(drugs={"a": 40, "b": 20, "d": 30, "e": 10})

    form = assemble(10, "ipm", plan, pool_of("bbb", "dddd", "ee"))

    assert form.gaps == (Gap("a", wanted=4, found=0, filled_from=("d", "b", "e"), short=1),)


def test_there_is_no_form_for_an_unknown_track() -> None:
    with pytest.raises(KeyError, match="surgery"):
        assemble(10, "surgery", PLAN, pool_of("aaa"))
    with pytest.raises(KeyError):
        assemble(0, "", PLAN, [])


def test_a_case_that_unfolds_is_drawn_whole_or_not_at_all() -> None:
    pool = [PoolItem(n, 0, "a", whole=True) for n in range(3)]
    pool += [PoolItem(10 + n, 1, "a") for n in range(4)]
    plan = plan_of(drugs={"a": 100})

    assert drawn(assemble(2, "ipm", plan, pool)) == [10, 11]
    assert drawn(assemble(3, "ipm", plan, pool)) == [0, 1, 2]
    assert drawn(assemble(5, "ipm", plan, pool)) == [0, 1, 2, 10, 11]
    assert drawn(assemble(2, "ipm", plan, pool[:3])) == []


def test_an_empty_pool_is_all_gaps() -> None:
    form = assemble(10, "ipm", PLAN, [])

    assert form.items == ()
    assert [(gap.topic, gap.wanted, gap.short) for gap in form.gaps] == [
        ("a", 5, 5), ("b", 3, 3), ("c", 2, 2),
    ]  # fmt: skip


@given(
    n=COUNT,
    cases=st.lists(
        st.tuples(st.sampled_from(SHIPPED.topics), st.integers(1, 4), st.booleans()), max_size=40
    ),
    track=st.sampled_from(["ipm", "fm"]),
)
def test_a_form_holds_no_item_twice_no_case_apart_and_accounts_for_every_lack(
    n: int, cases: list, track: str
) -> None:
    pool = [
        PoolItem(10 * case_id + place, case_id, topic.id, whole)
        for case_id, (topic, size, whole) in enumerate(cases)
        for place in range(size)
    ]

    form = assemble(n, track, SHIPPED, pool)

    runs = [case for case, _ in groupby(item.case_id for item in form.items)]
    assert len(runs) == len(set(runs))
    assert len(set(drawn(form))) == len(form.items)
    assert set(form.items) <= set(pool)
    assert len(form.items) + sum(gap.short for gap in form.gaps) == n
    sizes, taken = (Counter(item.case_id for item in items) for items in (pool, form.items))
    assert all(taken[item.case_id] == sizes[item.case_id] for item in form.items if item.whole)


@given(COUNT, st.sampled_from(["ipm", "fm"]))
def test_from_a_full_pool_every_approach_gets_its_share(n: int, track: str) -> None:
    topics = [topic.id for topic in SHIPPED.topics for _ in range(60)]
    pool = [PoolItem(k, k // 3, topic) for k, topic in enumerate(topics)]

    form = assemble(n, track, SHIPPED, pool)

    weights = {topic.id: topic.weights[track] for topic in SHIPPED.topics}
    wanted = {topic: count for topic, count in apportion(n, weights).items() if count}
    assert Counter(item.topic for item in form.items) == wanted
    assert form.gaps == ()


def unfolding_pool(size: int, topic: str = "a", others: str = "bcd") -> list[PoolItem]:
    whole = [PoolItem(place, 0, topic, whole=True) for place in range(size)]
    return whole + [PoolItem(10 + n, 1 + n, other) for n, other in enumerate(others * 5)]


def test_a_case_that_unfolds_takes_the_seats_it_needs_from_its_approach() -> None:
    plan = plan_of(drugs={"a": 25, "b": 25, "c": 25}, needles={"d": 25})

    form = assemble(8, "ipm", plan, unfolding_pool(4))

    assert Counter(item.topic for item in form.items) == {"a": 4, "b": 2, "d": 2}
    assert form.gaps == ()


def test_the_topic_seen_longest_ago_has_the_turn_and_the_last_seen_lends_first() -> None:
    plan = plan_of(drugs={"a": 25, "b": 25, "c": 25}, needles={"d": 25})
    pool = [PoolItem(n, n // 3, "ab"[n // 3], whole=True) for n in range(6)]
    pool += [PoolItem(10 + n, 10 + n, topic) for n, topic in enumerate("cd" * 4)]

    form = assemble(8, "ipm", plan, pool, least_recent=["b", "c", "a"])

    assert Counter(item.topic for item in form.items)["b"] == 3
    assert [gap.topic for gap in form.gaps] == ["a"]


def test_a_case_that_unfolds_and_is_larger_than_its_approach_is_not_drawn() -> None:
    plan = plan_of(drugs={"a": 25, "b": 25}, needles={"d": 50})

    form = assemble(4, "ipm", plan, unfolding_pool(3, others="bd"))

    assert "a" not in {item.topic for item in form.items}
