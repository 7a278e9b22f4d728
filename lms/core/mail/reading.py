"""Reading a message back: its parts, as the recipient sees them."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from lms.core.mail.models import Message
from lms.core.mail.places import filled


@dataclass(frozen=True)
class Parts:
    """The text part and, where there is one, the HTML part of a message."""

    text: str
    html: str | None


def parts_of(message: Message) -> Parts:
    """Return the parts of *message*, secrets and all."""
    mime = message_from_bytes(filled(message), policy=default)
    return Parts(text=_part(mime, "plain") or "", html=_part(mime, "html"))


def _part(mime: EmailMessage, kind: str) -> str | None:
    part = mime.get_body((kind,))
    return None if part is None else str(part.get_content())
