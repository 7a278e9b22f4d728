"""The drawings that a case names, and how a page is told which ones they are."""

import re
from collections.abc import Mapping
from typing import Any

from question_bank.case import Case
from question_bank.items.hotspot import Hotspot

_ADDRESSED = re.compile(r"([0-9a-f]{64})\.(?:svg|png|jpg|webp)")


def drawings_named(case: Case) -> dict[str, str]:
    """Return what each drawing of *case* shows, in words, by its name."""
    exhibits = [each for part in case.parts for each in part.exhibits]
    named = {each.image: each.alt or "" for each in exhibits if each.image}
    spots = [item for item in case.questions if isinstance(item, Hotspot)]
    return {item.image: item.alt for item in spots} | named


def with_addresses(body: Any, addresses: Mapping[str, str]) -> Any:
    """Return *body*, a case's JSON, with each drawing under its address instead of its name.

    What *addresses* does not name stays as it is; so does whatever a damaged body holds.
    """
    if isinstance(body, list):
        return [with_addresses(each, addresses) for each in body]
    if not isinstance(body, dict):
        return body
    changed = {name: with_addresses(value, addresses) for name, value in body.items()}
    image = changed.get("image")
    if isinstance(image, str) and image in addresses:
        changed["image"] = f"{addresses[image]}.{image.rpartition('.')[2]}"
    return changed


def address_in(name: str) -> str | None:
    """Return the address that *name* stands for since `with_addresses`; None: it is a name."""
    known = _ADDRESSED.fullmatch(name)
    return known[1] if known else None
