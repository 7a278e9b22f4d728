"""Names and addresses as a search compares them: case and accents aside."""

from question_bank.items.as_typed import LONGEST, folded

_MOST_WORDS = 12


def as_sought(name: str, email: str) -> str:
    """Return what is kept of a person for who looks for the name or the address."""
    return _folded(f"{name} {email}")


def seek_words(text: str) -> list[str]:
    """Return the words that somebody looks for; each has to be found."""
    return _folded(text).split()[:_MOST_WORDS]


def _folded(text: str) -> str:
    return folded(text[:LONGEST], accents=True)
