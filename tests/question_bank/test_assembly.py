"""Drawing a quiz from the pool: what each wish is worth."""

from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.assembly import History, PoolItem, assemble
from question_bank.blueprint import parse_blueprint
from tests.question_bank.builders import blueprint_text
from tests.question_bank.draws import drawn, given_of, plan_of, pool_of

SHIPPED = parse_blueprint(blueprint_text())
PLAN = plan_of(drugs={"a": 50, "b": 30}, needles={"c": 20})


def test_approaches_get_their_shares_in_the_blueprints_order() -> None:
    form = assemble(10, "ipm", PLAN, pool_of("ccc", "bbbb", "aaaaa"))

    assert Counter(item.topic for item in form.items) == {"a": 5, "b": 3, "c": 2}
    assert [topic for topic, _ in groupby(item.topic for item in form.items)] == ["a", "b", "c"]
    assert form.short == 0


def test_what_an_approach_had_before_counts() -> None:
    pool = pool_of(*["aa", "bb", "cc"] * 9)
    skewed = History(given_of([item for item in pool if item.topic == "c"][:6], 1))

    form = assemble(10, "ipm", PLAN, pool, skewed)

    assert Counter(item.topic in "ab" for item in form.items) == {True: 10}


def test_the_least_used_cases_come_first_and_then_those_of_longest_ago() -> None:
    plan = plan_of(drugs={"a": 100})
    pool = pool_of("aa", "aa", "aa", "aa")
    twice = given_of(pool[:4], 1) + given_of(pool[6:8], 2) + given_of(pool[:2], 3)

    assert drawn(assemble(2, "ipm", plan, pool, History(twice))) == [4, 5]
    assert sorted(drawn(assemble(4, "ipm", plan, pool, History(twice)))) == [2, 3, 4, 5]


def test_a_case_repeats_only_when_its_approach_has_none_unused() -> None:
    pool = pool_of("aaa", "bbb", "aaa")
    had = History(given_of(pool[:3] + pool[6:], 1))

    form = assemble(4, "ipm", plan_of(drugs={"a": 90, "b": 10}), pool, had)

    assert Counter(item.topic for item in form.items) == {"b": 3, "a": 1}


def test_of_a_case_that_is_cut_what_was_given_least_often_is_asked_in_its_order() -> None:
    pool = pool_of("aaa")
    had = History(given_of([pool[1]], 1))

    assert drawn(assemble(2, "ipm", plan_of(drugs={"a": 100}), pool, had)) == [0, 2]


def test_cases_are_asked_whole_where_they_fit() -> None:
    plan = plan_of(drugs={"a": 60, "b": 40})

    form = assemble(6, "ipm", plan, pool_of("aaa", "aaa", "bb", "bbb"))

    assert Counter(item.case_id for item in form.items) in (
        {0: 3, 3: 3}, {1: 3, 3: 3}, {0: 3, 1: 3},
    )  # fmt: skip


def test_topics_take_turns_by_their_weight() -> None:
    plan = plan_of(drugs={"a": 50, "b": 30, "d": 20})
    pool = pool_of(*["aa", "bb", "dd"] * 5)
    had = []
    for quiz in range(5):
        form = assemble(2, "ipm", plan, pool, History(had))
        had += given_of(list(form.items), quiz)

    assert Counter(each.topic for each in had) == {"a": 4, "b": 4, "d": 2}


def test_what_an_approach_lacks_comes_from_the_others() -> None:
    form = assemble(10, "ipm", PLAN, pool_of("aa", "bbbb", "ccccccccc"))

    assert Counter(item.topic for item in form.items) == {"a": 2, "b": 4, "c": 4}
    assert form.short == 0


def test_what_the_pool_lacks_shortens_the_form() -> None:
    assert assemble(10, "ipm", PLAN, pool_of("aa", "b", "cc")).short == 5
    assert assemble(10, "ipm", PLAN, []).short == 10
    assert assemble(0, "ipm", PLAN, pool_of("aa")).items == ()


def test_a_case_that_unfolds_is_drawn_whole_or_not_at_all() -> None:
    pool = pool_of("AAA", "aaaa")
    plan = plan_of(drugs={"a": 100})

    assert drawn(assemble(2, "ipm", plan, pool)) == [3, 4]
    assert drawn(assemble(3, "ipm", plan, pool)) == [0, 1, 2]
    assert sorted(drawn(assemble(5, "ipm", plan, pool))) in ([0, 1, 2, 3, 4], [3, 4, 5, 6])
    assert drawn(assemble(2, "ipm", plan, pool[:3])) == []


def test_an_unused_case_that_unfolds_is_asked_before_another_repeats() -> None:
    plan = plan_of(drugs={"a": 50}, needles={"b": 50})
    pool = pool_of("AAAA", "aaa", *["bb"] * 6)
    had = History(given_of(pool[4:7] + pool[7:10], 1))

    form = assemble(4, "ipm", plan, pool, had)

    assert Counter(item.case_id for item in form.items)[1] == 0


def test_a_topic_without_weight_is_not_drawn_from() -> None:
    form = assemble(4, "ipm", plan_of(drugs={"a": 100, "b": 0}), pool_of("bb", "aa"))

    assert Counter(item.topic for item in form.items) == {"a": 2}


def test_another_form_has_other_cases_where_there_are_any() -> None:
    pool = pool_of(*["aaa", "bbb", "cc"] * 4)
    first = assemble(8, "ipm", PLAN, pool, seed=1)

    other = assemble(8, "ipm", PLAN, pool, again={item.case_id for item in first.items}, seed=2)

    assert not set(drawn(first)) & set(drawn(other))


def test_the_seed_settles_what_the_wishes_leave_open() -> None:
    pool = pool_of(*["aaa", "bbb", "cc"] * 9)

    forms = [tuple(drawn(assemble(8, "ipm", PLAN, pool, seed=seed))) for seed in range(9)]

    assert len(set(forms)) > 3
    assert forms[3] == tuple(drawn(assemble(8, "ipm", PLAN, pool, seed=3)))


def test_there_is_no_form_for_an_unknown_track() -> None:
    with pytest.raises(KeyError, match="surgery"):
        assemble(10, "surgery", PLAN, pool_of("aaa"))
    with pytest.raises(KeyError):
        assemble(0, "", PLAN, [])


@given(
    n=st.integers(0, 60),
    cases=st.lists(
        st.tuples(st.sampled_from(SHIPPED.topics), st.integers(1, 4), st.booleans()), max_size=40
    ),
    track=st.sampled_from(["ipm", "fm"]),
    had=st.sets(st.integers(0, 39)),
)
def test_a_form_holds_no_item_twice_no_case_apart_and_whole_cases_whole(
    n: int, cases: list, track: str, had: set[int]
) -> None:
    pool = [
        PoolItem(10 * case_id + place, case_id, topic.id, whole)
        for case_id, (topic, size, whole) in enumerate(cases)
        for place in range(size)
    ]
    history = History(given_of([item for item in pool if item.case_id in had], 1))

    form = assemble(n, track, SHIPPED, pool, history)

    runs = [case for case, _ in groupby(item.case_id for item in form.items)]
    assert len(runs) == len(set(runs))
    assert len(set(drawn(form))) == len(form.items)
    assert set(form.items) <= set(pool)
    assert len(form.items) + form.short == n
    sizes, taken = (Counter(item.case_id for item in items) for items in (pool, form.items))
    assert all(taken[item.case_id] == sizes[item.case_id] for item in form.items if item.whole)
