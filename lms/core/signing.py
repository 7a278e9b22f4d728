"""Signing what we hand out and take back: who has no key of ours cannot make it up.

A signature is an HMAC of 160 bits in letters that an address can have.
"""

from flask import current_app
from itsdangerous import BadSignature, Signer, URLSafeSerializer

from lms.core.errors import NotFound


def signature(name: str, *, purpose: str, key_mark: str = "") -> str:
    """Return the signature of *name* for *purpose*, always the same with the same key.

    Args:
        name: What is signed.
        purpose: What the signature is good for.
        key_mark: Which key signs, by its mark; today's, where none of ours has that mark.
    """
    keys = our_keys()
    key = next((each for each in keys if _mark(each) == key_mark), keys[-1])
    return Signer(key, salt=purpose).get_signature(name).decode()


def is_signature(text: str, name: str, *, purpose: str) -> bool:
    """Whether *text* is the signature of *name*, by today's key or one that was in use before."""
    return Signer(our_keys(), salt=purpose).verify_signature(name, text)


def mark_of_todays_key() -> str:
    """Return what tells today's key from others, and tells nothing of it."""
    return _mark(our_keys()[-1])


def mark_of_key_of(text: str, name: str, *, purpose: str) -> str | None:
    """Return the mark of the key that made the signature *text* of *name*; None: none of ours."""
    made = (key for key in our_keys() if Signer(key, salt=purpose).verify_signature(name, text))
    return next(map(_mark, made), None)


def signed_name(value: object, *, purpose: str) -> str:
    """Return *value*, which is JSON, as a name; a dot and its signature make it a signed text."""
    return _serializer(purpose).dump_payload(value).decode()


def sign(value: object, *, purpose: str) -> str:
    """Return *value*, which is JSON, signed for *purpose*; `read_signed` gives it back."""
    return _serializer(purpose).dumps(value)


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
    return URLSafeSerializer(our_keys(), salt=purpose)


def our_keys() -> list[str]:
    """Return our keys, today's last."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]


def _mark(key: str) -> str:
    return Signer(key, salt="mark of a key").get_signature("").decode()[:8]
