"""Stopping mails of a kind by a signed link, as `List-Unsubscribe` wants it (RFC 8058).

The link names a person and a kind of mail and can do nothing but stop these. It does not expire:
an old mail must still be good for stopping the next one.
"""

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.inserts import insert_or_change
from lms.core.mail.delivery import for_accounts
from lms.core.mail.models import MailPreference, Message

PATH = "/unsubscribe/"


def _serializer() -> URLSafeSerializer:
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="stop-mails")


def token_for(user_id: int, kind: str) -> str:
    """Return the token that stops mails of *kind* to a person."""
    token = _serializer().dumps([user_id, kind])
    return token if isinstance(token, str) else token.decode()


def read_token(token: str) -> tuple[int, str]:
    """Return the person and the kind of mail that *token* names.

    Raises:
        NotFound: we did not make that token.
    """
    try:
        user_id, kind = _serializer().loads(token)
    except BadSignature:
        raise NotFound("This link is not complete. Use the one in the newest mail.") from None
    return user_id, kind


def set_wanted(user_id: int, kind: str, wanted: bool, *, now: datetime) -> None:
    """Note whether a person wants mails of *kind*. Saying it twice changes nothing."""
    row = {"user_id": user_id, "kind": kind, "wanted": wanted, "changed_at": now}
    db.session.execute(insert_or_change(MailPreference, [row], key=("user_id", "kind")))


def is_stopped(user_id: int, kind: str) -> bool:
    """Whether the person has stopped mails of *kind*."""
    found = db.session.get(MailPreference, (user_id, kind), populate_existing=True)
    return found is not None and not found.wanted


@for_accounts
def is_wanted(message: Message, now: datetime) -> bool:
    """Whether the recipient has not stopped messages of this kind."""
    assert message.recipient_id is not None, "it goes to an account"  # noqa: S101
    return not is_stopped(message.recipient_id, message.kind)
