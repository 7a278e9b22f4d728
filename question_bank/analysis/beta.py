"""The beta distribution, which says how a share may lie, given what was seen of it."""

from math import exp, lgamma, log

TINY = 1e-300
"""What stands in for a divisor of 0 in the continued fraction."""

SURE = 1e-14
"""From which relative change on a further step changes nothing."""


def beta_below(x: float, a: float, b: float) -> float:
    """Return the chance that a share with a Beta(*a*, *b*) distribution lies below *x*, 0 to 1.

    It is the regularized incomplete beta function, good to 12 digits for *a* and *b* up to some
    thousand.

    Args:
        x: A share, 0 to 1.
        a: As many times right, prior included, above 0.
        b: As many times wrong, prior included, above 0.

    Source: NIST Digital Library of Mathematical Functions, 8.17.22, by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction, which converges fast below the distribution's mean."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or TINY)
    found = d
    for m in range(1, 10_000):
        twice = a + 2 * m
        part = m * (b - m) * x / ((twice - 1) * twice)  # an even one, then an odd one
        d = 1 / (1 + part * d or TINY)
        c = 1 + part / c or TINY
        found *= c * d
        part = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
        d = 1 / (1 + part * d or TINY)
        c = 1 + part / c or TINY
        step = c * d
        found *= step
        if -SURE < step - 1 < SURE:
            break
    return found
