"""A draw is the best of all forms there are: tried against every one of them."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.assembly import History, PoolItem, assemble
from tests.question_bank.draws import given_of, plan_of, pool_of

PLAN = plan_of(drugs={"a": 30, "b": 15}, needles={"c": 25}, minds={"d": 20, "e": 10})
APPROACHES = {"drugs": "ab", "needles": "c", "minds": "de"}
WEIGHTS = {"a": 30, "b": 15, "c": 25, "d": 20, "e": 10}

CASES = st.lists(
    st.builds(
        lambda topic, size, whole: (topic.upper() if whole else topic) * size,
        st.sampled_from("abcde"), st.integers(1, 4), st.booleans(),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(
    n=st.integers(1, 12),
    cases=CASES,
    times=st.lists(st.integers(0, 3), min_size=7, max_size=7),
    again=st.sets(st.integers(0, 6)),
    seed=st.integers(0, 3),
)
@settings(deadline=None, max_examples=100)
def test_no_form_is_better_by_the_wishes(
    n: int, cases: list[str], times: list[int], again: set[int], seed: int
) -> None:
    pool = pool_of(*cases)
    before = [
        each
        for quiz in range(3)
        for each in given_of([item for item in pool if times[item.case_id] > quiz], quiz)
    ]
    wishes = Wishes(pool, times, again)

    form = assemble(n, "ipm", PLAN, pool, History(before), again=again, seed=seed)

    possible = [counts for counts in forms(cases) if sum(counts) <= n]
    most = max(map(sum, possible))
    best = min(wishes.cost(counts) for counts in possible if sum(counts) == most)
    taken = Counter(item.case_id for item in form.items)
    assert len(form.items) == most
    assert wishes.cost([taken[case_id] for case_id in range(len(cases))]) == best


def forms(cases: list[str]) -> Iterator[tuple[int, ...]]:
    """Yield how many items each case can give, in every way there is."""
    return product(*((0, len(case)) if case.isupper() else range(len(case) + 1) for case in cases))


class Wishes:
    """What `assemble` says that it minimizes, told once more and plainly."""

    def __init__(self, pool: list[PoolItem], times: list[int], again: set[int]) -> None:
        self.sizes = Counter(item.case_id for item in pool)
        self.topic = {item.case_id: item.topic for item in pool}
        self.whole = {item.case_id for item in pool if item.whole}
        self.times, self.again = times, again
        self.had = Counter[str]()
        for item in pool:
            self.had[item.topic] += times[item.case_id]

    def cost(self, counts: list[int] | tuple[int, ...]) -> tuple[object, ...]:
        cases = range(len(counts))
        n = sum(counts)
        fitting = {case for case in cases if case not in self.whole or self.sizes[case] <= n}
        unused = {case for case in fitting if not self.times[case]}
        slack = max(
            1,
            *(
                min((self.sizes[each] for each in unused & self.whole if self.of(each, topics)),
                    default=1)
                for topics in APPROACHES.values()
            ),
        )  # fmt: skip
        off = [self.off(topics, counts) for topics in APPROACHES.values()]
        return (
            sum(max(abs(each) - slack, 0) ** 2 for each in off),
            sum(self.early(topics, counts, unused) for topics in APPROACHES.values()),
            sum(each**2 for each in off),
            sum(counts[case] * self.times[case] for case in cases),
            sum(self.sizes[case] - counts[case] for case in cases if counts[case]),
            sum(counts[case] for case in cases if case in self.again),
            sum(self.off(topic, counts) ** 2 for topic in WEIGHTS),
        )

    def of(self, case: int, topics: str) -> bool:
        return self.topic[case] in topics

    def off(self, topics: str, counts: list[int] | tuple[int, ...]) -> Fraction:
        total = self.had.total() + sum(counts)
        has = sum(self.had[topic] for topic in topics)
        has += sum(count for case, count in enumerate(counts) if self.of(case, topics))
        return has - Fraction(sum(WEIGHTS[topic] for topic in topics) * total, 100)

    def early(self, topics: str, counts: list[int] | tuple[int, ...], unused: set[int]) -> int:
        """Return how many items repeat while the approach leaves an unused item."""
        left = any(counts[case] < self.sizes[case] for case in unused if self.of(case, topics))
        repeats = (
            count for case, count in enumerate(counts) if self.times[case] and self.of(case, topics)
        )
        return sum(repeats) if left else 0
