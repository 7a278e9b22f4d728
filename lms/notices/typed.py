"""What a director types and sends by mail: how long it may be, and to each person once."""

from collections.abc import Iterable

from sqlalchemy import select

from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.mail import Message
from lms.notices.telling import Telling, key_of
from lms.people.models import User

LONGEST = 1000
"""Characters that a message may have."""


def check_text(text: str) -> None:
    """Check that there is something to send, and not too much.

    Raises:
        Invalid: not so.
    """
    if not text.strip():
        raise Invalid("Write the message.", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"At most {LONGEST:,} characters.", field="text")


def lines_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a message, as the mail has them."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def not_told(telling: Telling, people: Iterable[User]) -> list[User]:
    """Return those of *people* who were not told this yet."""
    keys = {key_of(telling, each): each for each in people}
    told = set(db.session.scalars(select(Message.key).where(Message.key.in_(keys))))
    return [each for key, each in keys.items() if key not in told]
