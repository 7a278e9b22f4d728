"""Pictures to bring in, and some that nobody should."""

import struct
import zlib
from io import BytesIO

from PIL import Image as Pillow

DRAWN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">'
    b'<circle cx="5" cy="5" r="4"/></svg>'
)


def pixels(
    kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (30, 20), **more: object
) -> bytes:
    """Return a picture as a program writes it: the left half light, the right half dark."""
    deep = mode == "I;16"
    image = Pillow.new(mode if deep else "RGB", size)
    light = Pillow.new(image.mode, (size[0] // 2, size[1]), 60_000 if deep else "white")
    image.paste(light, (0, 0))
    out = BytesIO()
    image.convert(mode).save(out, kind, **more)
    return out.getvalue()


def frames(kind: str) -> bytes:
    """Return a picture that moves."""
    out = BytesIO()
    first, second = Pillow.new("RGB", (8, 8)), Pillow.new("RGB", (8, 8), "red")
    first.save(out, kind, save_all=True, append_images=[second], duration=100)
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png(width: int, height: int, *more: bytes, data: bytes = b"\0" * 100) -> bytes:
    """Return a PNG that says it is so large, with *more* chunks before its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (
        chunk(b"IHDR", head),
        *more,
        chunk(b"IDAT", zlib.compress(data, 9)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(width: int, height: int, scans: int = 1) -> bytes:
    """Return a JPEG whose frame says it is so large, with so many scans."""
    real = pixels("JPEG")
    at = real.index(b"\xff\xc0")
    sized = real[: at + 5] + struct.pack(">HH", height, width) + real[at + 9 :]
    scan = sized[sized.index(b"\xff\xda") : -2]
    return sized[:-2] + scan * (scans - 1) + b"\xff\xd9"


def webp(width: int, height: int, flags: int = 0) -> bytes:
    """Return an extended WebP that says it is so large."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = pixels("WEBP")[12:]
    body = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + size + inner
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def bombs() -> dict[str, bytes]:
    """Return files that are small, and would be huge or endless if they were trusted."""
    nothing = b"\0" * 50_000_000
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(nothing, 9))
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(nothing, 9))
    space = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return {
        "png of 2,500 million pixels": png(50_000, 50_000),
        "png of a billion columns": png(2**31 - 1, 1),
        "png of no size": png(0, 0),
        "png with more pixels than it says": png(10, 10, data=nothing),
        "png with many long texts": png(10, 10, *[text] * 20),
        "png with a long profile": png(10, 10, profile),
        "png that moves": frames("PNG"),
        "jpeg of 4,225 million pixels": jpeg(65_000, 65_000),
        "jpeg of 10,000 scans": jpeg(2800, 2800, scans=10_000),
        "webp of 268 million pixels": webp(16_384, 16_384),
        "webp that moves": frames("WEBP"),
        "webp that says it moves": webp(30, 20, flags=2),
        "webp whose parts differ in size": webp(2800, 2800),
        "gif": frames("GIF"),
        "tiff": pixels("TIFF"),
        "bmp": pixels("BMP"),
        "svg of a billion laughs": f"<!DOCTYPE svg [{entities}]><svg {space}>&e9;</svg>".encode(),
        "svg of a file": (
            '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            f"<svg {space}><text>&x;</text></svg>"
        ).encode(),
        "svg a million deep": f"<svg {space}>{'<g>' * 100_000}".encode(),
        "svg of a hundred thousand parts": f"<svg {space}>{'<g/>' * 100_000}</svg>".encode(),
        "svg of one attribute": f'<svg {space}><path d="{"M0 0" * 120_000}x\\"/></svg>'.encode(),
        "svg of no size": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "svg of all sizes": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 1e999"/>',
        "compressed svg": b"\x1f\x8b" + zlib.compress(nothing),
        "nothing": b"",
        "a word": b"word",
        "the beginning of a png": pixels()[:40],
        "the beginning of a jpeg": pixels("JPEG")[:300],
        "the beginning of a webp": pixels("WEBP")[:30],
    }
