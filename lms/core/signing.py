"""Signing what we hand out and take back: who has no key of ours cannot make it up."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.core.errors import NotFound


def sign(value: object, *, purpose: str) -> str:
    """Return *value*, which is JSON, as a text for addresses that `read_signed` takes back."""
    token = _serializer(purpose).dumps(value)
    return token if isinstance(token, str) else token.decode()


def read_signed(token: str, *, purpose: str) -> object:
    """Return what was signed for *purpose*, with today's key or one that was in use before.

    Raises:
        NotFound: we did not make that token, or made it for something else.
    """
    try:
        value: object = _serializer(purpose).loads(token)
    except BadSignature:
        raise NotFound from None
    return value


def _serializer(purpose: str) -> URLSafeSerializer:
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=purpose)
