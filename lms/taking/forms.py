"""What arrives from an answering page: a script's packet, or the whole page as a form."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from lms.core.errors import Refusal
from lms.taking.case_sheets import Sheet
from lms.taking.incoming_saves import UNREADABLE, InvalidAnswer, Packet, PageControls
from lms.taking.shown_order import as_controls, controls_at
from question_bank.paper import PlacedItem

LONGEST = 10**11
"""The greatest age of a packet, in milliseconds: three years. A clock set meanwhile says more."""

NOT_TAKEN = {"": ["not taken"]}
"""What a page says that it had shown, in the place of an item's controls, where it shows what was
typed and refused: whatever comes then was given after that, be it what is stored."""


def read_packet(data: object, now: datetime) -> Packet:
    """Return the packet in *data*, the item's controls as a script sent them *now*.

    Raises:
        InvalidAnswer: *data* is not one.
    """
    match data:
        case {"tab": str(tab), "seq": int(seq), "controls": sent, **more} if not isinstance(
            seq, bool
        ):
            fields = as_controls(sent)
            if fields is not None:
                return Packet(tab, seq, now, PageControls(fields), _age(more.get("age")))
    raise InvalidAnswer(UNREADABLE)


def _age(milliseconds: object) -> timedelta | None:
    if milliseconds is None:
        return None
    if not isinstance(milliseconds, int) or milliseconds < 0:
        raise InvalidAnswer(UNREADABLE)
    return timedelta(milliseconds=min(milliseconds, LONGEST))


@dataclass(frozen=True)
class Posted:
    """An item with its controls as a form posted them.

    `packet` saves them, if they differ from what the page had shown and from what is stored, so
    that a page that stood open for long does not undo what another one saved; or if it had shown
    what was refused. None: they do not differ. `error` is for the field.
    """

    place: PlacedItem
    packet: Packet | None = None
    error: Refusal | None = None


def read_page(sheet: Sheet, form: MultiDict[str, str], now: datetime) -> list[Posted]:
    """Return every item of *sheet* as *form*, which arrived *now*, has it."""
    return [read_place(place, form, now) for place in sheet.places]


def read_place(place: PlacedItem, form: MultiDict[str, str], now: datetime) -> Posted:
    """Return one item as *form* has it; one that had not appeared on its page is unchanged."""
    if not any(name.endswith(f"-{place.position}") for name in form):
        return Posted(place)
    fields = controls_at(form, place.position)
    fields.pop("was", None)
    posted = replace(place, controls=fields)
    before = _before(form, place.position)
    if fields == before or (fields == place.controls and before != NOT_TAKEN):
        return Posted(posted)
    return Posted(posted, Packet(f"form-{secrets.token_hex(8)}", 1, now, PageControls(fields)))


def _before(form: Mapping[str, str], position: int) -> object:
    """Return what the page had shown, by its own account; None if it does not say."""
    try:
        return json.loads(form.get(f"was-{position}", "null"))
    except (ValueError, RecursionError):
        return None
