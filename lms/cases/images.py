"""The images that versions show: kept by their content, so that an old version keeps its own.

A shipped drawing has a name of its own; a picture that somebody brought in is named by its
address, the SHA-256 of its bytes, and what it is: `3f….png`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain

from sqlalchemy import select

from lms.cases.content import address_of, drawing, drawings
from lms.cases.models import CaseVersion, Image
from lms.core.db import db
from lms.core.inserts import insert_into
from question_bank.case import Case as CaseBody
from question_bank.drawings import address_in, drawings_named

SVG = "image/svg+xml"
ABSENT = (800, 600)
"""Width and height in which a picture is drawn that is not there."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is sent: what it is, and its bytes."""

    media_type: str
    content: bytes


def keep_drawings(
    bodies: Sequence[tuple[CaseBody, CaseVersion | None]], *, now: datetime
) -> list[dict[str, str]]:
    """Keep the drawings that *bodies* name; return of each the addresses, by their names.

    What a body was made from, if it was made from a version, goes on showing the same ones. The
    others are shipped or were brought in; a name that stands for nothing has no address.
    """
    named = [drawings_named(body) for body, _ in bodies]
    brought_in = _stored_among(filter(None, map(address_in, chain.from_iterable(named))))
    shipped: dict[str, dict[str, object]] = {}
    found = []
    for (_, of), names in zip(bodies, named, strict=True):
        earlier = {} if of is None else of.drawings
        addresses = {}
        for name, words in names.items():
            text = drawing(name)
            if name in earlier:
                addresses[name] = earlier[name]
            elif text is not None:
                addresses[name] = address_of(text)
                shipped.setdefault(address_of(text), _row(text, words, now))
            elif (address := address_in(name)) in brought_in:
                addresses[name] = address
        found.append(addresses)
    if shipped:
        rows = [shipped[address] for address in sorted(shipped)]
        db.session.execute(insert_into(Image, db.engine.dialect.name).values(rows))
    return found


def _row(text: str, words: str, now: datetime) -> dict[str, object]:
    return {
        "content_hash": address_of(text),
        "media_type": SVG,
        "content": text.encode(),
        "alt": words,
        "source": "Starter bank",
        "created_at": now,
    }


def _stored_among(addresses: Iterable[str]) -> dict[str | None, str]:
    wanted = list(addresses)
    query = select(Image.content_hash).where(Image.content_hash.in_(wanted))
    return {each: each for each in db.session.scalars(query)} if wanted else {}


def drawing_address(name: str) -> str:
    """Return by what a page asks for a picture that a version shows, or that is shipped."""
    return address_in(name) or address_of(drawing(name) or "")


def picture_at(address: str) -> Picture | None:
    """Return the picture with *address*; None: there is none such."""
    if re.fullmatch(r"[0-9a-f]{64}", address) is None:
        return None
    shipped = drawings().get(address)
    if shipped is not None:
        return Picture(SVG, shipped.encode())
    query = select(Image.media_type, Image.content).where(Image.content_hash == address)
    row = db.session.execute(query).first()
    return None if row is None else Picture(row.media_type, row.content)


def drawing_size(name: str) -> tuple[int, int]:
    """Return the width and height of a picture in its own units; 800 by 600 for an absent one."""
    address = drawing_address(name)
    shipped = drawings().get(address)
    if shipped is not None:
        return _box(shipped)
    try:
        return _stored_size(address)
    except LookupError:
        return ABSENT


@lru_cache(maxsize=4096)
def _stored_size(address: str) -> tuple[int, int]:
    """Return the size of a stored picture; it never changes."""
    query = select(Image.width, Image.height).where(Image.content_hash == address)
    row = db.session.execute(query).first()
    if row is None:
        raise LookupError(address)
    if row.width is not None:
        return row.width, row.height
    content = db.session.scalar(select(Image.content).where(Image.content_hash == address))
    return _box((content or b"").decode(errors="replace"))


def _box(svg: str) -> tuple[int, int]:
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    return (int(box[1]), int(box[2])) if box else ABSENT
