"""Mail: a message is written in the transaction of the fact it states, and delivered after it."""

from lms.core.mail.models import MailState, Message
from lms.core.mail.writing import Letter, Outsider, post, post_all

__all__ = ["Letter", "MailState", "Message", "Outsider", "post", "post_all"]
