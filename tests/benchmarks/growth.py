"""Every page over 10², 10⁴ and, if it may take long, 2 × 10⁵ attempts: none is to grow.

The program of the journeys is copied many times over, people and all; each page shows the same
fellow, cohort or quiz each time, whatever else there is.
"""

from collections.abc import Iterator

from sqlalchemy import func, select

from lms.attempts.models import Attempt
from lms.core.db import db
from tests.benchmarks.copies import multiply
from tests.benchmarks.figures import Figure, Size
from tests.benchmarks.in_one_process import DATABASES, program
from tests.benchmarks.pages import Opening, opened

MOST = 1.3
"""How many times the CPU a page may take of what it took over the fewest attempts."""

NOISE = 1.0
"""Milliseconds by which a page may differ all the same."""


def measure(size: Size) -> Iterator[Figure]:
    """Measure each database, and say which pages grow."""
    for database in DATABASES:
        yield from _grown(database, size)


def _grown(database: str, size: Size) -> Iterator[Figure]:
    steps = (100, 1_000) if size.quick else (100, 10_000, 200_000) if size.long else (100, 10_000)
    times = size.of(5, 3)
    with program(database) as (app, arguments):
        first: dict[Opening, float] = {}
        growing: set[Opening] = set()
        for attempts in steps:
            with app.app_context():
                there = _attempts()
                multiply_to(attempts, there)
                there = _attempts()
            where = f"{database}, {there:,} attempts"
            for opening, cost, length in opened(app, arguments, times):
                yield Figure(f"{opening}", cost, "ms", where)
                before = first.setdefault(opening, cost)
                if cost > MOST * before and cost > before + NOISE:
                    growing.add(opening)
                    yield Figure(f"grows: {opening}", cost / before, "times", where)
                    yield Figure(f"length: {opening}", length / 1024, "KiB", where)
    yield Figure("pages that grow", len(growing), f"of {len(first)}", database)


def multiply_to(wanted: int, there: int) -> None:
    """Copy all there is as often as makes about so many attempts."""
    copies = round(wanted / there) - 1
    if copies > 0:
        multiply(copies)


def _attempts() -> int:
    return db.session.scalar(select(func.count()).select_from(Attempt)) or 0
