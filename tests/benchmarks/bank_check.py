"""What looking at a whole bank costs, in seconds of CPU: `python -m tests.benchmarks.bank_check`.

5,000 cases, told anew in words of the shipped ones: the rules on the bank as a whole are to take
10 seconds or less. Where each case was compared with each they took 230.
"""

import time

from question_bank.lint import check_bank
from tests.question_bank.lint.drafts import blueprint
from tests.question_bank.lint.generated import bank

SIZES = (60, 500, 5_000)


def main() -> None:
    """Check banks of growing size, all of whose words differ more or less, and print the times."""
    for changed in (0.5, 0.2, 0.05):
        for size in SIZES:
            cases = bank(size, changed=changed)
            began = time.process_time()
            found = check_bank(cases, blueprint())
            spent = time.process_time() - began
            said = f"{spent:6.2f} s, {len(found)} found"
            print(f"{size:6} cases, {changed:.0%} of words changed: {said}")  # noqa: T201


if __name__ == "__main__":
    main()
