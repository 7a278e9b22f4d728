"""Handles for rows that come into a draft."""

import secrets
from collections.abc import Iterator


def fresh_handles() -> Iterator[str]:
    """Yield handles that nobody else gives to a row at the same moment, as good as never."""
    while True:
        yield secrets.token_hex(4)
