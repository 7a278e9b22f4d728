"""What a draw of a quiz out of 5,000 cases costs."""

import random
from collections.abc import Iterator
from time import process_time

from lms.program.blueprint import blueprint
from question_bank.assembly import History, PoolItem, assemble
from tests.benchmarks.figures import Figure, Size
from tests.question_bank.draws import given_of

CASES = 5_000


def measure(size: Size) -> Iterator[Figure]:
    """Draw quizzes of 12 to 120 items, for a cohort that has had nothing, half, or everything."""
    chance = random.Random(1)
    pool = [
        PoolItem(10 * case_id + place, case_id, topic.id, whole)
        for case_id in range(size.of(CASES, 500))
        for topic, whole in [(chance.choice(blueprint().topics), chance.random() < 0.4)]
        for place in range(chance.choice((2, 3, 3, 3, 4, 5)))
    ]
    for share in (0, 0.5, 1):
        had = [item for item in pool if item.case_id < share * CASES]
        history = History(given_of(had, 1) + given_of(had[::3], 2))
        for items in (12, 60, 120):
            start = process_time()
            form = assemble(items, "ipm", blueprint(), pool, history)
            spent = 1000 * (process_time() - start)
            yield Figure(f"{len(form.items)} items, {share:.0%} of cases had", spent, "ms")
