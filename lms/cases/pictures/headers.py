"""What the first bytes of a picture say it is: looked at before anything is decoded.

PNG: W3C Recommendation (3rd edition), 5.3 and 11.2.2. JPEG: ITU-T T.81, annex B. WebP: RFC 9649.
"""

import re
from dataclasses import dataclass

_FRAMES = re.compile(rb"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True)
class Header:
    """The kind of a picture, as Pillow calls it, its pixels, and whether it moves.

    `scans`: in how many passes it is coded at most; one costs as much as a whole picture.
    """

    kind: str
    width: int
    height: int
    moves: bool = False
    scans: int = 1


def header_of(content: bytes) -> Header | None:
    """Return what *content* says it is; None: neither PNG nor JPEG nor WebP, or it is cut short."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(content)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except IndexError:
        return None
    return None


def _png(content: bytes) -> Header | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return Header("PNG", _big(content[16:20]), _big(content[20:24]), moves=b"acTL" in content)


def _jpeg(content: bytes) -> Header | None:
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
        elif _FRAMES.fullmatch(bytes([marker])):
            high, wide = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return Header("JPEG", _big(wide), _big(high), scans=content.count(b"\xff\xda"))
        else:
            at += 2 + max(_big(content[at + 2 : at + 4]), 2)
    return None


def _webp(content: bytes) -> Header | None:
    kind, body = content[12:16], content[20:]
    if kind == b"VP8X":
        wide, high = (1 + _little(body[n : n + 3]) for n in (4, 7))
        return Header("WEBP", wide, high, moves=bool(body[0] & 2))
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = _little(body[1:5])
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return Header("WEBP", _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF)
    return None


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")
