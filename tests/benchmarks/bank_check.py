"""What looking at a whole bank costs.

5,000 cases, told anew in words of the shipped ones: the rules on the bank as a whole are to take
10 seconds or less. Where each case was compared with each they took 230.
"""

from collections.abc import Iterator
from time import process_time

from question_bank.lint import check_bank
from tests.benchmarks.figures import Figure, Size
from tests.question_bank.lint.drafts import blueprint
from tests.question_bank.lint.generated import bank

SIZES = (60, 500, 5_000)


def measure(size: Size) -> Iterator[Figure]:
    """Check banks of growing size, all of whose words differ more or less."""
    for changed in (0.5, 0.2, 0.05):
        for count in SIZES[:2] if size.quick else SIZES:
            cases = bank(count, changed=changed)
            began = process_time()
            found = check_bank(cases, blueprint())
            spent = process_time() - began
            where = f"{changed:.0%} of words changed"
            yield Figure(f"{count:,} cases checked", spent, "s", where)
            yield Figure(f"found in {count:,}", len(found), "", where)
