"""What a draw out of 5,000 cases costs, in ms of CPU: `python -m tests.benchmarks.draw`."""

import random
from time import process_time

import click

from lms.program.blueprint import blueprint
from question_bank.assembly import History, PoolItem, assemble
from tests.question_bank.draws import given_of

CASES = 5_000


def main() -> None:
    """Draw quizzes of 12 to 120 items, for a cohort that has had nothing, half, or everything."""
    chance = random.Random(1)
    pool = [
        PoolItem(10 * case_id + place, case_id, topic.id, whole)
        for case_id in range(CASES)
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
            click.echo(f"{len(form.items):3} items, {share:4.0%} of cases had: {spent:4.0f} ms")


if __name__ == "__main__":
    main()
