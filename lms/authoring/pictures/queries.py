"""The pictures that a draft shows, and what is known of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.cases.models import Image
from lms.core.db import db
from question_bank.drafts.bodies import HANDLE
from question_bank.drawings import address_in


@dataclass(frozen=True)
class PictureShown:
    """A picture that somebody brought in, and the path in the draft of what shows it."""

    path: str
    address: str
    source: str
    licence: str
    wide: int
    high: int


def pictures_in(body: Mapping[str, Any]) -> list[PictureShown]:
    """Return the pictures that a draft shows and that were brought in, in its order."""
    named = list(_named(body, ""))
    addresses = {address for _, address in named}
    rows = (
        db.session.execute(
            select(
                Image.content_hash, Image.source, Image.licence, Image.width, Image.height
            ).where(Image.content_hash.in_(addresses), Image.width.is_not(None))
        )
        if addresses
        else ()
    )
    known = {row.content_hash: row for row in rows}
    return [
        PictureShown(path, row.content_hash, row.source, row.licence, row.width, row.height)
        for path, address in named
        if (row := known.get(address))
    ]


def _named(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            handle = each.get(HANDLE) if isinstance(each, dict) else None
            if isinstance(handle, str):
                yield from _named(each, f"{path}/{handle}")
    elif isinstance(value, dict):
        image = value.get("image")
        if isinstance(image, str) and (address := address_in(image.strip())):
            yield path, address
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _named(inner, f"{path}/{name}".lstrip("/"))
