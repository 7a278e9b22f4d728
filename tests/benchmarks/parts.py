"""The parts of the benchmarks, by the names under which `make bench` knows them."""

from tests.benchmarks import (
    attempts,
    bank_check,
    counts,
    digests,
    draw,
    grading,
    growth,
    importing,
    search,
    slow_clients,
    starting,
    watching,
)
from tests.benchmarks.figures import Part

PARTS: dict[str, Part] = {
    "attempts": attempts.measure,
    "grading": grading.measure,
    "digests": digests.measure,
    "import": importing.measure,
    "search": search.measure,
    "growth": growth.measure,
    "start": starting.measure,
    "watching": watching.measure,
    "slow-clients": slow_clients.measure,
    "draw": draw.measure,
    "bank-check": bank_check.measure,
    "counts": counts.measure,
}
"""Those that say most come first."""
