"""The places in a message where secrets stand once it leaves: what is stored holds none.

Where a secret belongs, a letter gets a *mark*: letters by chance that nobody can have written
into it. The message's row says which secret, by which of our keys, stands for each mark; so every
try carries the same bytes.
"""

import secrets
from collections.abc import Mapping

from lms.core.links import SecretPath
from lms.core.mail.models import Message
from lms.core.signing import mark_of_todays_key, signature

BYTES_OF_MARK = 20
"""As many as a signature has, so that no line of a message changes its length."""


class Places:
    """The places of one letter; `kept` is what the message's row says of them."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, str]] = {}

    def of(self, path: SecretPath, key_mark: str = "") -> str:
        """Return *path* with a mark for its secret, by the key of *key_mark* or else today's."""
        mark = secrets.token_urlsafe(BYTES_OF_MARK)
        key = key_mark or mark_of_todays_key()
        self.kept[mark] = {"purpose": path.purpose, "name": path.name, "key": key}
        return path.head + mark

    def are_in(self, raw: bytes) -> bool:
        """Whether every mark stands in *raw* letter by letter."""
        return all(mark.encode() in raw for mark in self.kept)


def filled(message: Message) -> bytes:
    """Return the bytes of *message* as they leave: equal whenever it is asked."""
    raw = message.raw
    for mark, of in message.places.items():
        secret = signature(of["name"], purpose=of["purpose"], key_mark=of["key"])
        raw = raw.replace(mark.encode(), secret.encode())
    return raw
