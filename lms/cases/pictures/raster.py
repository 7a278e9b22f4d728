"""Pictures of pixels, made anew: what a camera or a program wrote beside the pixels is gone."""

import struct
import warnings
from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageOps

from lms.cases.models import LARGEST_IMAGE
from lms.cases.pictures.headers import Header, header_of
from lms.cases.pictures.made import MOST_UNITS, Made, NotAPicture

MOST_PIXELS = 8_000_000
"""Pixels that a picture may have when it comes: with these, decoding takes about 100 MB."""

MOST_SCANS = 40
"""Passes in which a JPEG may be coded; programs that write them take 10."""

MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_MODES = {"1": "L", "L": "L", "I": "L", "I;16": "L", "LA": "RGBA", "PA": "RGBA", "RGBA": "RGBA"}
_HOW = {
    "PNG": {"compress_level": 7},
    "JPEG": {"quality": 88, "progressive": True},
    "WEBP": {"quality": 88, "method": 3},
}

Pillow.MAX_IMAGE_PIXELS = MOST_PIXELS

_BROKEN = (
    *(OSError, ValueError, SyntaxError, ArithmeticError, EOFError, Warning),
    *(LookupError, TypeError, struct.error),
)
"""What Pillow raises at a picture that is damaged on purpose or not."""

UNREADABLE = "This is no picture that can be read. Save it as PNG, JPEG or WebP and try again."


def remade(content: bytes) -> Made:
    """Return the picture in *content*, upright, at most 2,000 pixels a side, and nothing else.

    Raises:
        NotAPicture: it cannot be read, moves, or is too large; nothing was decoded if its first
            bytes say so.
    """
    header = header_of(content)
    if header is None:
        raise NotAPicture(UNREADABLE)
    _check(header)
    try:
        return _written(_pixels(content, header), header.kind)
    except _BROKEN as error:
        raise NotAPicture(UNREADABLE) from error
    except Pillow.DecompressionBombError as error:
        raise NotAPicture(_TOO_MANY) from error


_TOO_MANY = f"A picture may have {MOST_PIXELS // 1_000_000} million pixels. Make it smaller first."


def _check(header: Header) -> None:
    if header.moves:
        raise NotAPicture("This picture moves. Save the one frame that matters.")
    if not header.width or not header.height:
        raise NotAPicture(UNREADABLE)
    if header.width * header.height > MOST_PIXELS:
        raise NotAPicture(
            f"This picture has {header.width:,} × {header.height:,} pixels. {_TOO_MANY}"
        )
    if header.scans > MOST_SCANS:
        raise NotAPicture(UNREADABLE)


def _pixels(content: bytes, header: Header) -> Pillow.Image:
    """Return the pixels, in a picture that knows nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        with Pillow.open(BytesIO(content), formats=(header.kind,)) as read:
            if read.size != (header.width, header.height) or getattr(read, "is_animated", False):
                raise NotAPicture(UNREADABLE)
            read.draft("RGB", (MOST_UNITS, MOST_UNITS))
            deep = read.mode.startswith("I")
            wide = read.convert("I").point(lambda value: value * (1 / 256)) if deep else read
            plain = wide.convert(_mode_for(read, header.kind))
            plain.thumbnail((MOST_UNITS, MOST_UNITS))
            upright = ImageOps.exif_transpose(plain)
    bare = Pillow.new(upright.mode, upright.size)
    bare.paste(upright)
    return bare


def _mode_for(image: Pillow.Image, kind: str) -> str:
    mode = "RGBA" if "transparency" in image.info else _MODES.get(image.mode, "RGB")
    return "RGB" if kind == "JPEG" and mode == "RGBA" else mode


def _written(image: Pillow.Image, kind: str) -> Made:
    out = BytesIO()
    image.save(out, kind, **_HOW[kind])
    if out.tell() > LARGEST_IMAGE:
        raise NotAPicture("This picture takes more than 2 MB. Save it as JPEG, or make it smaller.")
    return Made(out.getvalue(), MEDIA[kind], *image.size)
