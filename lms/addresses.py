"""Addresses that settings name: what they mean, and why they cannot work. No secret is repeated."""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""The driver of each kind of database that may be named."""

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class InvalidAddress(ValueError):
    """A setting names no place that works; says why."""


def is_loopback(host: str | None) -> bool:
    """Whether *host* is this machine."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _parts(url: str, example: str) -> SplitResult:
    """Return the parts of *url*, which has a scheme, a host, and a port that is a number.

    Raises:
        InvalidAddress: it has not; the sentence gives *example*.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InvalidAddress(f"write it as {example}.")
    return parts


def _is_host(name: str) -> bool:
    if re.fullmatch(r"[\w-]+(\.[\w-]+)*\.?", name):
        return True
    try:
        return ip_address(name).version == 6
    except ValueError:
        return False


@dataclass(frozen=True)
class MailServer:
    """A mail server as `LMS_SMTP_URL` names it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def mail_server(url: str) -> MailServer:
    """Return the server that *url* names.

    `smtps://` speaks TLS from the start, `smtp+starttls://` before anything that matters,
    `smtp://` not at all and so only to a server on this machine.

    Raises:
        InvalidAddress: the address is none of these.
    """
    example = (
        "smtp+starttls://user:password@host or smtps://user:password@host, "
        "and / ? # @ in user or password as %2F %3F %23 %40"
    )
    parts = _parts(url, example)
    host = parts.hostname or ""
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme not in PORTS or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InvalidAddress(f"write it as {example}.")
    if parts.scheme == "smtp" and not is_loopback(host):
        raise InvalidAddress(
            "smtp:// sends in the clear, so it is for this machine only; "
            "use smtp+starttls:// or smtps://."
        )
    if not (user + password).isascii():
        raise InvalidAddress("user and password can have no letters beyond ASCII.")
    return MailServer(parts.scheme, host, parts.port or PORTS[parts.scheme], user, password)


def check_sender(mail_from: str) -> None:
    """Make sure that mail can come from *mail_from*.

    Raises:
        InvalidAddress: it is not one address, with or without a name before it.
    """
    addresses = getaddresses([mail_from])
    try:
        address = Address(addr_spec=addresses[0][1] if len(addresses) == 1 else "")
    except (MessageError, ValueError, IndexError):
        address = Address()
    written = bool(address.username) and address.addr_spec in mail_from and mail_from.isprintable()
    if not (written and address.addr_spec.isascii() and _is_host(address.domain)):
        raise InvalidAddress(
            "write one address, as Rounds <rounds@example.org>; "
            'a name with a comma stands in quotes, as "Rounds, Pain" <rounds@example.org>.'
        )


def check_base_url(url: str) -> None:
    """Make sure that links can start with *url*.

    Raises:
        InvalidAddress: it is more or less than http or https, a host in ASCII, and perhaps a port.
    """
    example = "https://rounds.example.org, with nothing after the host but a port"
    parts = _parts(url, example)
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or more:
        raise InvalidAddress(f"write it as {example}.")
    if not (parts.hostname or "").isascii():  # mails and mail servers take no other name
        raise InvalidAddress(
            "write the host as browsers send it, as https://xn--kln-sna.example for "
            f"https://köln.example; otherwise as {example}."
        )


def check_redis(url: str) -> None:
    """Make sure that *url* can be a Redis server.

    Raises:
        InvalidAddress: it cannot.
    """
    example = "redis://host:6379/0 or rediss://user:password@host:6379/0"
    parts = _parts(url, example)
    if parts.scheme not in ("redis", "rediss") or not re.fullmatch(r"(/\d*)?", parts.path):
        raise InvalidAddress(f"write it as {example}.")


def database(url: str) -> URL:
    """Return what *url* says of a database.

    Raises:
        InvalidAddress: it is neither PostgreSQL nor SQLite.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in DRIVERS:
        raise InvalidAddress("write it as postgresql://user:password@host/name.")
    return parsed.set(drivername=DRIVERS[parsed.drivername])


ENCRYPTED = {"require", "verify-ca", "verify-full"}
"""What `sslmode` says of a connection to PostgreSQL that is never in the clear."""


def database_in_clear(url: str) -> set[str]:
    """Return the hosts, but for this machine, that the database *url* may reach without TLS."""
    parsed = database(url)
    if parsed.drivername == "sqlite" or parsed.query.get("sslmode") in ENCRYPTED:
        return set()
    named = [parsed.query.get(name, "") for name in ("host", "hostaddr")]
    texts = [each if isinstance(each, str) else ",".join(each) for each in named]
    hosts = {parsed.host or "", *",".join(texts).split(",")}
    addresses = {re.sub(r":\d+$", "", host) if host.count(":") == 1 else host for host in hosts}
    return {each.lower() for each in addresses if each[:1] != "/" and _is_elsewhere(each.lower())}


def redis_in_clear(url: str) -> set[str]:
    """Return the host, but for this machine, that the Redis server *url* is reached at in clear."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return {host} if parts.scheme == "redis" and _is_elsewhere(host) else set()


def check_ways(database_url: str, redis_url: str, *, plain: str) -> None:
    """Make sure that nobody listens on the way to database and Redis.

    Args:
        database_url: Of the database.
        redis_url: Of Redis.
        plain: Hosts that may be reached without TLS, with commas between.

    Raises:
        InvalidAddress: another host is reached without TLS.
    """
    private = {host.strip().lower() for host in plain.split(",")}
    for name, hosts, encrypted in (
        ("DATABASE", database_in_clear(database_url), "add ?sslmode=verify-full"),
        ("REDIS", redis_in_clear(redis_url), "use rediss://"),
    ):
        if hosts - private:
            raise InvalidAddress(
                f"LMS_{name}_URL: {', '.join(sorted(hosts - private))} is another host, and "
                f"without TLS others can listen on the way there; {encrypted}, or name it in "
                "LMS_PLAIN_HOSTS if nobody else is in the network between."
            )


def _is_elsewhere(host: str) -> bool:
    return host != "" and not is_loopback(host)
