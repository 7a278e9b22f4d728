"""What of a password others know: the name of its person, and years."""

import re
from collections.abc import Iterable
from threading import Lock

from zxcvbn import zxcvbn

READ = 36
"""Characters that are looked through; what comes later counts as unknown."""

MOST_SIGNS = 12
"""Different ones of `SIGNS` in a password that is looked through: for each set of letters that they
may stand for, all is looked up once, which is 0.05 seconds with twelve and 3 with twenty-two."""

SIGNS = frozenset("4@8({[<369&#!|1$5+7%20")
"""What stands for a letter where people hide a word."""

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

_one_at_a_time = Lock()
"""The library keeps what is known of a person in one place for all threads."""


def unknown_part(password: str, *, about: Iterable[str]) -> str | None:
    """Return *password* without what it has of *about* and of years; None: it has nothing of them.

    Words are found in any case, and with digits or signs that look like their letters.
    """
    if len(SIGNS & set(password)) > MOST_SIGNS:
        return None
    with _one_at_a_time:
        found = zxcvbn(password[:READ], user_inputs=_words(about))["sequence"]
    known = [each["token"] for each in found if each.get("dictionary_name") == "user_inputs"]
    rest = password
    for token in known:
        rest = rest.replace(token, "", 1)
    rest, years = YEAR.subn("", rest)
    return rest if known or years else None


def _words(about: Iterable[str]) -> list[str]:
    """Return what a name or an address is made of, the longest first."""
    texts = [text.partition("@")[0] for text in about]
    words = {word for text in texts for word in (text, *re.split(r"[\W\d_]+", text))}
    return sorted((word for word in words if len(word) >= 3), key=len, reverse=True)
