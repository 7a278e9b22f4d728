"""Keys that sign cookies and links: not to be guessed, and made once."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

SHORTEST_KEY = 32
"""Letters of a key."""

FEWEST_LETTERS = 10
"""Different ones among them; 32 letters of 16 by chance have fewer once in 10,000 times."""


class GuessableKey(ValueError):
    """A key that others could guess; says what one must be like, and repeats nothing of it."""


def check_keys(keys: Iterable[str]) -> None:
    """Make sure that nobody guesses one of *keys*.

    Raises:
        GuessableKey: one is too short, or too regular.
    """
    if any(len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS for key in keys):
        raise GuessableKey(
            "LMS_SECRET_KEY, or a key of LMS_SECRET_KEY_FALLBACKS: whoever guesses it signs in "
            f"as anybody, so it has {SHORTEST_KEY} letters or more, by chance, as "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' prints them."
        )


def make_once(path: Path, text: str) -> None:
    """Write *text* to *path*, whole or not at all; whoever was first has the last word."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=".key-") as draft:
        draft.write(text)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
