"""How sure a share is."""

from fractions import Fraction
from functools import lru_cache
from math import sqrt

Z95 = 1.96
"""The quantile of the normal distribution for a 95 % interval."""


@lru_cache(maxsize=10_000)
def wilson(correct: Fraction | int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a share, as shares in [0, 1].

    It reaches 0 where nothing is correct, 1 where everything is, and neither otherwise.

    Credits between 0 and 1 may be summed into *correct*. The interval is then wider than
    it need be, never narrower: a variable in [0, 1] with mean p varies at most as much as
    one that is only 0 or 1, p(1 - p).

    Args:
        correct: The sum of credits, 0 to *n*.
        n: How many items, at least 1.
        z: How many standard errors; 1.96 for 95 %.

    Raises:
        ValueError: *n* is less than 1, or *correct* is outside 0 to *n*.

    Source: Wilson EB. Probable inference, the law of succession, and statistical
    inference. J Am Stat Assoc 1927;22:209-212.
    """
    if n < 1 or not 0 <= correct <= n:
        raise ValueError(f"{correct} of {n} is not a share")
    p = float(Fraction(correct) / n)
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = max((middle - half) / scale, 0.0) if correct else 0.0
    high = min((middle + half) / scale, 1.0) if correct < n else 1.0
    return low, high
