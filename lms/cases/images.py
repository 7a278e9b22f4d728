"""The images that versions show: kept by their content, so that an old version keeps its own."""

import re
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from lms.cases.content import address_of, drawing, drawings
from lms.cases.models import CaseVersion, Image
from lms.core.db import db
from lms.core.inserts import insert_unless_present
from question_bank.case import Case as CaseBody
from question_bank.drawings import address_in, drawings_named

SVG = "image/svg+xml"


def keep_drawings(body: CaseBody, of: CaseVersion | None, *, now: datetime) -> dict[str, str]:
    """Keep the drawings that *body* names; return the address of each, by its name.

    What *body* was made from, if it was made from a version, goes on showing the same ones. The
    others are shipped; a name that stands for nothing has no address.
    """
    earlier = {} if of is None else of.drawings
    found = {}
    for name, words in drawings_named(body).items():
        text = drawing(name)
        if name in earlier:
            found[name] = earlier[name]
        elif text is not None:
            found[name] = _kept(text, words, now=now)
    return found


def _kept(text: str, words: str, *, now: datetime) -> str:
    address = address_of(text)
    row = {"media_type": SVG, "content": text.encode(), "alt": words, "source": "Starter bank"}
    db.session.execute(insert_unless_present(Image, content_hash=address, created_at=now, **row))
    return address


def drawing_address(name: str) -> str:
    """Return by what a page asks for a drawing that a version shows, or that is shipped."""
    return address_in(name) or address_of(drawing(name) or "")


def drawing_at(address: str) -> str | None:
    """Return the text of the drawing with *address*, SVG; None: there is none such."""
    if re.fullmatch(r"[0-9a-f]{64}", address) is None:
        return None
    try:
        return drawings().get(address) or _stored(address)
    except LookupError:
        return None


@lru_cache(maxsize=256)
def _stored(address: str) -> str:
    """Return a drawing that is not shipped any more; it never changes."""
    query = select(Image.content).where(Image.content_hash == address, Image.media_type == SVG)
    content = db.session.scalar(query)
    if content is None:
        raise LookupError(address)
    return content.decode()


def drawing_size(name: str) -> tuple[int, int]:
    """Return the width and height of a drawing in its own units; 800 by 600 for an absent one."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing_at(drawing_address(name)) or "")
    return (int(box[1]), int(box[2])) if box else (800, 600)
