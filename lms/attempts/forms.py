"""What arrives from an answering page: a script's packet, or the whole page as a form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.attempts.answers import raw_of_form
from lms.attempts.packets import InvalidAnswer
from lms.attempts.sheets import Place, Sheet
from lms.core.errors import Refusal


@dataclass(frozen=True)
class Sent:
    """A script's packet: the answer in places as shown, under the page's name and its count."""

    tab: str
    seq: int
    raw: object
    flagged: bool | None


def read_packet(data: object) -> Sent:
    """Return the packet in *data*.

    Raises:
        InvalidAnswer: *data* is not one.
    """
    match data:
        case {"tab": str(tab), "seq": int(seq), "answer": raw, **rest} if not isinstance(seq, bool):
            flagged = rest.get("flagged")
            return Sent(tab, seq, raw, flagged if isinstance(flagged, bool) else None)
    raise InvalidAnswer("The page sent something that cannot be read. Reload it.")


@dataclass(frozen=True)
class Posted:
    """An item as a form posted it.

    `changed`: it differs from what the page had shown and from what is stored, so that a page
    that stood open for long does not undo what another one saved. `error` is for the field.
    """

    place: Place
    raw: Any
    flagged: bool
    changed: bool
    error: Refusal | None = None

    @property
    def shown(self) -> Place:
        """The place with what was posted instead of what is stored."""
        answer = self.raw if isinstance(self.raw, dict) else None
        return replace(self.place, answer=answer, flagged=self.flagged)


def read_page(sheet: Sheet, form: MultiDict[str, str]) -> list[Posted]:
    """Return every item of *sheet* as *form* has it."""
    return [read_place(place, form) for place in sheet.places]


def read_place(place: Place, form: MultiDict[str, str]) -> Posted:
    """Return one item as *form* has it."""
    raw = raw_of_form(place.item, form, place.position)
    flagged = f"flag-{place.position}" in form
    now = {"answer": raw, "flagged": flagged}
    changed = now not in (_before(form, place.position), as_posted(place))
    return Posted(place, raw, flagged, changed)


def as_posted(place: Place) -> dict[str, Any]:
    """Return what a form would post for *place* if nothing on the page were changed."""
    answer = place.answer
    if answer and "value" in answer:
        answer = {"value": place.text} | ({"unit": place.unit} if place.unit else {})
    return {"answer": answer, "flagged": place.flagged}


def _before(form: Mapping[str, str], position: int) -> object:
    """Return what the page had shown, by its own account; None if it does not say."""
    try:
        return json.loads(form.get(f"was-{position}", "null"))
    except ValueError:
        return None
