"""Signed links that stop mails of a kind, as `List-Unsubscribe` wants them (RFC 8058).

A link names a person and a kind of mail and can do nothing but stop these. It does not expire:
an old mail must still be good for stopping the next one.
"""

from typing import cast

from lms.core.errors import NotFound
from lms.core.signing import read_signed, sign

_PURPOSE = "stop-mails"


def stop_path(user_id: int, kind: str) -> str:
    """Return where, below the address of the site, a person stops mails of *kind*."""
    return f"/unsubscribe/{token_for(user_id, kind)}"


def token_for(user_id: int, kind: str) -> str:
    """Return the token that stops mails of *kind* to a person."""
    return sign([user_id, kind], purpose=_PURPOSE)


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
