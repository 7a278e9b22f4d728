"""What an address, a name, a time zone and a new password must be like."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from lms.core.errors import Invalid
from lms.zones import ZONES

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254
LONGEST_NAME = 100

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_COMMON = Path(__file__).with_name("common_passwords.txt")


def clean_email(text: str) -> str:
    """Return the address in the one way it is kept: trimmed, in lower case.

    Raises:
        Invalid: *text* is not a mail address of at most 254 ASCII characters, or one that mail
            programs would decode to another.
    """
    email = text.strip().lower()
    local = email.partition("@")[0]
    sound = len(email) <= LONGEST_EMAIL and len(local) <= 64 and _EMAIL.fullmatch(email)
    if not sound or "=?" in local:
        raise Invalid("Write a mail address like amara.okafor@hospital.org.", field="email")
    return email


def clean_name(text: str) -> str:
    """Return the name with single spaces, composed (NFC).

    Raises:
        Invalid: nothing is left, more than 100 characters, or characters that cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Invalid("Write the person's name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", field="name")
    if not name.isprintable():
        raise Invalid("The name contains a character that cannot be shown.", field="name")
    return name


def clean_zone(text: str) -> str:
    """Return *text* if it names a zone that people may choose.

    Raises:
        Invalid: it does not.
    """
    zone = text.strip()
    if zone not in ZONES:
        raise Invalid("Write a time zone like America/New_York.", field="time_zone")
    return zone


def normal_password(password: str) -> str:
    """Return *password* as it is hashed: composed (NFKC), so that every keyboard agrees."""
    return unicodedata.normalize("NFKC", password)


def flaw_of(password: str, *, about: Iterable[str]) -> str | None:
    """Return why *password* cannot be chosen, as a sentence; None if it can.

    Length decides, and that guessers do not try it first; no kinds of characters are
    demanded. *about* is what others know of the person: the address and the name.
    """
    folded = normal_password(password).casefold()
    if len(normal_password(password)) < SHORTEST_PASSWORD:
        return f"Use {SHORTEST_PASSWORD} characters or more. A few unrelated words do well."
    if len(normal_password(password)) > LONGEST_PASSWORD:
        return f"Use at most {LONGEST_PASSWORD} characters."
    if folded in common_passwords() or _is_pattern(folded):
        return "This is among the passwords that are guessed first. Choose another."
    if _letters(folded) in {_letters(text.casefold()) for text in _forms(about)}:
        return "This is the name or the address of the account. Choose something else."
    return None


@cache
def common_passwords() -> frozenset[str]:
    """Return the commonest passwords of 12 characters or more, case-folded."""
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def _is_pattern(password: str) -> bool:
    """Whether it is one to four characters over and over, or a run along the alphabet."""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return steps in ({1}, {-1}) or any(
        password == (password[:n] * len(password))[: len(password)] for n in range(1, 5)
    )


def _forms(about: Iterable[str]) -> Iterable[str]:
    for text in about:
        yield text
        if "@" in text:
            yield text.partition("@")[0]


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
