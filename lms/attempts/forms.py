"""What arrives from an answering page: a script's packet, or the whole page as a form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.datastructures import MultiDict

from lms.attempts.answers import as_controls, controls_at
from lms.attempts.packets import UNREADABLE, Controls, InvalidAnswer
from lms.attempts.sheets import Sheet
from lms.core.errors import Refusal
from lms.quizzes.places import Place

LONGEST = 10**11
"""The greatest age of a packet, in milliseconds: three years. A clock set meanwhile says more."""


@dataclass(frozen=True)
class Sent:
    """A script's packet: the item's controls, under the page's name and its count.

    `age` is how long ago, by the page's account, they were set; None: it does not say.
    """

    tab: str
    seq: int
    age: timedelta | None
    controls: Controls


def read_packet(data: object) -> Sent:
    """Return the packet in *data*.

    Raises:
        InvalidAnswer: *data* is not one.
    """
    match data:
        case {"tab": str(tab), "seq": int(seq), "controls": raw, **more} if not isinstance(
            seq, bool
        ):
            controls = as_controls(raw)
            if controls is not None:
                return Sent(tab, seq, _age(more.get("age")), Controls(controls))
    raise InvalidAnswer(UNREADABLE)


def _age(raw: object) -> timedelta | None:
    if raw is None:
        return None
    if not isinstance(raw, int) or raw < 0:
        raise InvalidAnswer(UNREADABLE)
    return timedelta(milliseconds=min(raw, LONGEST))


@dataclass(frozen=True)
class Posted:
    """An item as a form posted it.

    `changed`: it differs from what the page had shown and from what is stored, so that a page
    that stood open for long does not undo what another one saved. `error` is for the field.
    """

    place: Place
    controls: Controls
    changed: bool
    error: Refusal | None = None


def read_page(sheet: Sheet, form: MultiDict[str, str]) -> list[Posted]:
    """Return every item of *sheet* as *form* has it."""
    return [read_place(place, form) for place in sheet.places]


def read_place(place: Place, form: MultiDict[str, str]) -> Posted:
    """Return one item as *form* has it; one that had not appeared on its page is unchanged."""
    if not any(name.endswith(f"-{place.position}") for name in form):
        return Posted(place, Controls(place.controls), changed=False)
    now = controls_at(form, place.position)
    now.pop("was", None)
    changed = now not in (_before(form, place.position), place.controls)
    return Posted(place, Controls(now), changed)


def _before(form: Mapping[str, str], position: int) -> object:
    """Return what the page had shown, by its own account; None if it does not say."""
    try:
        return json.loads(form.get(f"was-{position}", "null"))
    except (ValueError, RecursionError):
        return None
