"""Signed links that stop mails of a kind, as `List-Unsubscribe` wants them (RFC 8058).

A link names a person and a kind of mail and can do nothing but stop these. It does not expire:
an old mail must still be good for stopping the next one.
"""

from typing import cast

from lms.core.errors import NotFound
from lms.core.links import SecretPath
from lms.core.signing import mark_of_key_of, read_signed, signed_name

_PURPOSE = "stop-mails"


def stop_path(user_id: int, kind: str) -> SecretPath:
    """Return where, below the address of the site, a person stops mails of *kind*."""
    return _path(signed_name([user_id, kind], purpose=_PURPOSE))


def _path(name: str) -> SecretPath:
    return SecretPath(f"/unsubscribe/{name}.", _PURPOSE, name)


def signed_path(token: str) -> tuple[SecretPath, str] | None:
    """Return the address that ends in *token*, and the mark of the key that signed it.

    None: no key of ours did.
    """
    name, _, signed = token.rpartition(".")
    key_mark = mark_of_key_of(signed, name, purpose=_PURPOSE)
    if key_mark is None:
        return None
    return _path(name), key_mark


def read_token(token: str) -> tuple[int, str]:
    """Return the person and the kind of mail that *token* names.

    Raises:
        NotFound: we did not make that token.
    """
    try:
        user_id, kind = cast(tuple[int, str], read_signed(token, purpose=_PURPOSE))
    except NotFound:
        raise NotFound("This link is not complete. Use the one in the newest mail.") from None
    return user_id, kind
