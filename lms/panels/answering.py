"""What a panelist does: answers all items, and may change that until the panel is closed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from lms.core import audit
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.inserts import insert_or_change
from lms.core.links import open_at
from lms.panels import queries
from lms.panels.models import LONGEST_COMMENT, Panel, PanelAnswer, Panelist, PanelLink, PanelState
from lms.panels.queries import PanelistAnswer


class LinkOver(Refusal):
    """The panel is closed, the invitation withdrawn, or the link too old."""

    http_status = 410
    message = "This link takes no more answers. Nothing was changed."


class Incomplete(Invalid):
    """An item without an answer, or an answer that the scale does not have."""

    message = "Answer every item. Nothing was saved."


def answer(secret: str, given: Mapping[str, PanelistAnswer], *, now: datetime) -> None:
    """Keep what a panelist says to all items, by their keys, in place of what was said before.

    Of two who send at once, the last counts.

    Raises:
        NotFound: we did not make that link.
        LinkOver: it is not good any more.
        Incomplete: *given* does not answer every item, and no other.
    """
    link = queries.link_of(secret)
    panel = link.panelist.panel
    keys = [question.key for question in queries.questions_of(panel)]
    if set(given) != set(keys) or not all(_sound(each) for each in given.values()):
        raise Incomplete
    _take_turn(link, now=now)
    ids = queries.item_ids(panel.case_id)
    rows = [
        {
            "panelist_id": link.panelist_id,
            "item_id": ids[key],
            "point": each.point,
            "comment": each.comment or None,
        }
        for key, each in given.items()
    ]
    db.session.execute(insert_or_change(PanelAnswer, rows, key=("panelist_id", "item_id")))
    audit.record(None, "panel.answer", "panel", panel.id, now=now)  # not who: answers have no name


def _sound(given: PanelistAnswer) -> bool:
    return given.point in range(5) and len(given.comment) <= LONGEST_COMMENT


def _take_turn(link: PanelLink, *, now: datetime) -> None:
    """Note the answer, if at this moment it may come; whoever closes the panel waits for it.

    Raises:
        LinkOver: it may not.
    """
    panel = db.session.scalar(
        select(Panel.id)
        .where(Panel.id == link.panelist.panel_id, Panel.state == PanelState.OPEN)
        .with_for_update(read=True)
    )
    good = select(PanelLink.id).where(
        PanelLink.id == link.id, open_at(now, PanelLink.expires_at, PanelLink.ended_at)
    )
    noted = db.session.scalar(
        update(Panelist)
        .where(Panelist.id == link.panelist_id, Panelist.withdrawn_at.is_(None), good.exists())
        .values(answered_at=now)
        .returning(Panelist.id)
    )
    if panel is None or noted is None:
        raise LinkOver
