"""Keeping a picture that somebody brings in."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import update

from lms.cases.images import SVG
from lms.cases.models import LARGEST_IMAGE, Image
from lms.cases.pictures.headers import header_of
from lms.cases.pictures.made import Made, NotAPicture
from lms.cases.pictures.raster import remade
from lms.cases.pictures.vector import redrawn
from lms.core.db import db
from lms.core.inserts import insert_unless_present
from lms.people.models import User

ENDINGS = {SVG: "svg", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

LIMITS = (
    "PNG, JPEG, WebP or SVG, up to 2 MB and 8 million pixels. It is kept at most 2,000 pixels a "
    "side, without what the camera wrote beside it."
)
"""What is said before anybody chooses a file."""


def made_anew(content: bytes) -> Made:
    """Return the picture in *content*, an upload, as it is kept. Its file name says nothing.

    Raises:
        NotAPicture: it is not taken.
    """
    if not content:
        raise NotAPicture("Choose a picture first.")
    if len(content) > LARGEST_IMAGE:
        raise NotAPicture("This picture takes more than 2 MB. Make it smaller first.")
    if header_of(content) is None and content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<":
        return redrawn(content)
    return remade(content)


def keep_picture(
    actor: User, content: bytes, *, alt: str, source: str, licence: str, now: datetime
) -> str:
    """Keep the picture in *content*; return the name by which a case shows it.

    The same picture is kept once: what was not said of it before is taken from now.

    Args:
        actor: Who brings it in.
        content: The file, as it was uploaded.
        alt: What it shows, in words; may be said later, in the case.
        source: Where it comes from; may be said later.
        licence: By which right it may be shown; likewise.
        now: When.

    Raises:
        NotAPicture: it is not taken.
    """
    made = made_anew(content)
    address = sha256(made.content).hexdigest()
    said = {"alt": alt, "source": source, "licence": licence}
    row = {name: getattr(made, name) for name in ("content", "media_type", "width", "height")}
    db.session.execute(
        insert_unless_present(
            Image, content_hash=address, created_at=now, added_by_id=actor.id, **row, **said
        )
    )
    say_of_picture(address, **said)
    return f"{address}.{ENDINGS[made.media_type]}"


def say_of_picture(address: str, **said: str) -> None:
    """Have a picture's row say *said*, by column, where nothing was said of it before."""
    for name, words in said.items():
        column = getattr(Image, name)
        if words:
            db.session.execute(
                update(Image)
                .where(Image.content_hash == address, column == "")
                .values({column: words})
            )
