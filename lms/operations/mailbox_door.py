"""What opens the local mailbox: the address that the start prints.

Where a request comes from opens nothing: behind a proxy, everybody comes from this machine.
"""

from lms.core.links import SecretPath
from lms.core.signing import is_signature

DOOR = SecretPath("/mailbox/open/", "mailbox", "mailbox")
"""The address; its secret is a signature, the same as long as our key is."""

COOKIE = "mailbox"
"""Where a browser keeps the secret."""


def is_key(text: str) -> bool:
    """Whether *text* is the secret of the address."""
    return is_signature(text, DOOR.name, purpose=DOOR.purpose)
