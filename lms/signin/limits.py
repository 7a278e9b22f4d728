"""How often somebody may try: per account, whoever asks, and per network, whatever account.

Only refused tries count against signing in. Where the counters are out of reach, each process
counts for itself, so nobody is locked out and nothing breaks.
"""

import hashlib
import ipaddress
from http import HTTPStatus

from flask import Flask, Response, request
from flask_limiter import Limiter

from lms.signin.access import someone

_V6_NETWORK = 64
"""How many bits of an IPv6 address name the network; the rest a single host chooses freely."""


def network() -> str:
    """Return the network that the request came from: an IPv4 address or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _V6_NETWORK), strict=False))
    return str(address)


def account() -> str:
    """Return which account a request is about: who is signed in, else the address it names."""
    user = someone()
    name = str(user.id) if user else request.form.get("email", "").strip().lower()
    return "account:" + hashlib.sha256(name.encode()).hexdigest()[:32]


def _refused(page: Response) -> bool:
    return page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


limiter = Limiter(key_func=network, swallow_errors=True)


password_tries_of_account = limiter.limit(
    "10 per 15 minutes", key_func=account, methods=["POST"], deduct_when=_refused
)
"""For views that check a password."""

password_tries_of_network = limiter.limit(
    "100 per 15 minutes", key_func=network, methods=["POST"], deduct_when=_refused
)
"""The same for a whole hospital behind one address."""

mails_of_account = limiter.limit("5 per hour", key_func=account, methods=["POST"])
"""For views by which anyone has a mail sent."""

mails_of_network = limiter.limit("30 per hour", key_func=network, methods=["POST"])
"""The same for a whole hospital behind one address."""


def init_limits(app: Flask) -> None:
    """Have *app* count tries where its settings say."""
    limiter.init_app(app)
