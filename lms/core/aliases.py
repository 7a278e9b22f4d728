"""Aliases: what stands on pages and in addresses for numbers that would tell too much.

Rows are numbered as they come. Beside those of others, the number of an answer tells whose attempt
began first and so, of two that were handed in together, who had more time.
"""

import hmac

from lms.core.db import LARGEST_ID
from lms.core.signing import our_keys

_ROUNDS = range(4)
"""As many as make a permutation that nobody without the key can tell from one by chance.

M. Luby and C. Rackoff, How to construct pseudorandom permutations from pseudorandom functions,
SIAM J Comput 1988, doi:10.1137/0217022.
"""

_HALF = 2**32

_LENGTH = 16
"""Characters of an alias: a number of 64 bits to the base 16."""


def alias_of(number: int) -> str:
    """Return the alias of a row's *number*; it stays the same as long as the key does."""
    return f"{_mixed(number, our_keys()[-1], list(_ROUNDS)):0{_LENGTH}x}"


def number_of(alias: str) -> int:
    """Return the number that *alias* stands for, by today's key or one that was in use before.

    Raises:
        ValueError: we did not make it.
    """
    if len(alias) == _LENGTH:
        for key in reversed(our_keys()):
            number = _mixed(int(alias, 16), key, list(reversed(_ROUNDS)))
            if number <= LARGEST_ID:  # which is one of 2³³ numbers by chance
                return number
    raise ValueError("no alias of ours")


def _mixed(block: int, key: str, rounds: list[int]) -> int:
    """Return what the rounds make of 64 bits; the same rounds from the last on take it back."""
    left, right = divmod(block, _HALF)
    for each in rounds:
        left, right = right, left ^ _noise(key, each, right)
    return right * _HALF + left


def _noise(key: str, each: int, half: int) -> int:
    """Return 32 bits that nobody can foresee without the key."""
    said = f"alias, round {each}: {half}"
    return int.from_bytes(hmac.digest(key.encode(), said.encode(), "sha256")[:4])
