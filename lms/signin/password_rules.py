"""What a new password must be like."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from lms.signin.personal_parts import unknown_part
from question_bank.composing import BeyondMeasure, composed

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
TOO_LONG = f"Use at most {LONGEST_PASSWORD} characters."
_COMMON = Path(__file__).with_name("common_passwords.txt")


def normal_password(password: str) -> str:
    """Return *password* as it is hashed: composed (NFKC), so that every keyboard agrees.

    Raises:
        BeyondMeasure: nobody can have chosen it.
    """
    return composed(password, longest=LONGEST_PASSWORD, form="NFKC")


def flaw_of(password: str, *, about: Iterable[str]) -> str | None:
    """Return why *password* cannot be chosen, as a sentence; None if it can.

    Length decides, and that guessers do not try it first; no kinds of characters are
    demanded. *about* is what others know of the person: the address and the name.
    """
    try:
        normal = normal_password(password)
    except BeyondMeasure:
        return TOO_LONG
    if len(normal) < SHORTEST_PASSWORD:
        return f"Use {SHORTEST_PASSWORD} characters or more. A few unrelated words do well."
    if len(normal) > LONGEST_PASSWORD:
        return TOO_LONG
    return _what_is_guessed(normal, tuple(about))


def _what_is_guessed(password: str, about: Iterable[str]) -> str | None:
    folded = password.casefold()
    if folded in common_passwords() or _is_pattern(folded):
        return "This is among the passwords that are guessed first. Choose another."
    if _letters(folded) in {_letters(text.casefold()) for text in _forms(about)}:
        return "This is the name or the address of the account. Choose something else."
    unknown = unknown_part(password, about=about)
    if unknown is not None and len(unknown) < SHORTEST_PASSWORD:
        return (
            "Your name and years are guessed first. "
            f"Without them it has to have {SHORTEST_PASSWORD} characters or more."
        )
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
