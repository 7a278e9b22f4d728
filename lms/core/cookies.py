"""Signed cookies, read by hosts whose clocks differ."""

from typing import Any

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class _Signer(TimestampSigner):
    """Takes what was signed at a moment that is still to come for what was signed now.

    A clock was set back, or two hosts differ. When a session ends, its row says.
    """

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """See `TimestampSigner.unsign`; what is too old is refused as it is there."""
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as error:
            if error.date_signed is None or error.payload is None:
                raise
            if error.date_signed < self.timestamp_to_datetime(self.get_timestamp()):
                raise
            return (error.payload, error.date_signed) if return_timestamp else error.payload


class CookieSessions(SecureCookieSessionInterface):
    """Flask's, with the signer above."""

    def get_signing_serializer(self, app: Any) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = _Signer
        return serializer
