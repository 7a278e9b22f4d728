"""A mail as bytes: its headers, and what it says as text and as HTML.

The bytes are those that Python's `email` would make, but for the letters of the boundary; it parses
again, for each mail, headers that are alike in all.
"""

import secrets
from collections.abc import Iterator, Mapping

from lms.core.mail.headers import Correspondent, header_value


def two_parts(headers: Mapping[str, str | Correspondent], text: str, html: str) -> bytes:
    """Return the mail that says *text* and the same as *html*, no line of which is too long.

    Raises:
        ValueError: an address cannot stand in a header.
    """
    boundary = f"==============={secrets.randbelow(10**19):019}=="  # nobody can have written it
    head = [
        *(f"{name}: {header_value(name, value)}" for name, value in headers.items()),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
    ]
    lines = [
        *(line.encode() for line in head),
        *_part(boundary, "plain", text),
        *_part(boundary, "html", html, "MIME-Version: 1.0"),
        f"--{boundary}--".encode(),
        b"",
    ]
    return b"\r\n".join(lines)


def _part(boundary: str, kind: str, content: str, *further: str) -> Iterator[bytes]:
    """Yield the lines of a part, and the empty one after it."""
    yield f"--{boundary}".encode()
    yield f'Content-Type: text/{kind}; charset="utf-8"'.encode()
    yield b"Content-Transfer-Encoding: " + (b"7bit" if content.isascii() else b"8bit")
    yield from (line.encode() for line in further)
    yield b""
    yield from content.encode().splitlines() or [b""]
    yield b""
